package dev.culebra.runtime.driver;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;
import dev.culebra.runtime.standin.DeviceCode;
import org.junit.jupiter.api.Test;

import static dev.culebra.runtime.driver.ParameterType.FLOAT;
import static dev.culebra.runtime.driver.ParameterType.INT;
import static dev.culebra.runtime.driver.ParameterType.LONG;
import static dev.culebra.runtime.driver.ParameterType.POINTER;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What a training step does, again and again, makes no garbage. */
class AllocationTest extends OnDevice {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 20;
    private static final int STEPS = 1000;
    private static final String SOURCE = """
            extern "C" __global__ void set(int* out, int a, long long b, float c) { *out = a + b + c; }
            """;

    @Test
    void aStepAllocatesNothingInJava() {
        try (Module module = Module.load(context, DeviceCode.compile("allocation", SOURCE, context.device()));
                Stream side = Stream.create(context);
                Event ready = Event.create(context);
                Event done = Event.create(context);
                PinnedMemory staging = PinnedMemory.allocate(context, 64);
                DeviceMemory memory = pool.allocate(64, stream);
                DeviceMemory copy = pool.allocate(64, stream)) {
            Launch launch = module.kernel("set", POINTER, INT, LONG, FLOAT).launch(Dim3.of(1), Dim3.of(1));
            DeviceSlice slice = memory.slice(16, 16);
            launch.set(0, slice).set(1, 1).set(2, 2L).set(3, 3f);
            try (CudaGraph graph = stream.capture(() -> {
                launch.launch(stream);
                memory.copyTo(staging, stream);
            }); ExecutableGraph executable = graph.instantiate()) {
                Runnable step = () -> {
                    memory.copyFrom(staging, 8, 16, stream);
                    memory.copyFrom(staging, stream);
                    launch.set(0, slice).set(1, 4).set(2, 5L).set(3, 6f).launch(stream);
                    ready.record(stream);
                    side.waitFor(ready);
                    copy.copyFrom(memory, side);
                    done.record(side);
                    stream.waitFor(done);
                    slice.clear(stream);
                    copy.fill(7f, stream);
                    executable.launch(stream);
                    slice.copyTo(staging, 32, 16, stream);
                    done.record(stream);
                    done.synchronize();
                    stream.synchronize();
                };
                assertEquals(0, leastAllocatedBy(step), "bytes in " + STEPS + " steps");
            }
        }
    }

    /** The least of several rounds: while Java still compiles what it runs, that makes some garbage. */
    private static long leastAllocatedBy(Runnable step) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < STEPS; i++) {
                step.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
