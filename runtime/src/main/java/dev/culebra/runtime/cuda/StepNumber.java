package dev.culebra.runtime.cuda;

import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.Stream;

/**
 * The number of the training step, in device memory: kernels that were captured once read what it is when they run.
 */
final class StepNumber {
    private final DeviceMemory cell;
    private final Stream stream;
    private long value;

    /** Step 0, in memory of 8 bytes that the caller owns. */
    StepNumber(DeviceMemory cell, Stream stream) {
        this.cell = cell;
        this.stream = stream;
        cell.clear(stream);
    }

    /** Where it lies: 8 bytes. */
    DeviceMemory cell() {
        return cell;
    }

    /** Queues the change, if it is one. While the stream is captured, whoever replays the graph sets the number. */
    void set(long step) {
        if (step != value && !stream.isCapturing()) {
            cell.slice(0, Integer.BYTES).fill((int) step, stream);
            cell.slice(Integer.BYTES, Integer.BYTES).fill((int) (step >>> 32), stream);
            value = step;
        }
    }
}
