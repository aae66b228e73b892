package dev.culebra.experiments.run;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;

import dev.culebra.experiments.data.Split;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.runtime.Backend;

/**
 * What a run's numbers depend on beside its settings: {@code --device auto} and the contents of a data folder may change
 * from one day to the next.
 *
 * @param device the backend's name
 * @param precision the arithmetic
 * @param data a checksum of the training and validation splits
 */
record Circumstances(String device, String precision, String data) {
    private static final String DEVICE = "device";
    private static final String PRECISION = "precision";
    private static final String DATA = "data_crc32c";

    static Circumstances of(Backend backend, RunData data) {
        CRC32C checksum = new CRC32C();
        add(checksum, data.train().dataset().split());
        add(checksum, data.validation().split());
        return new Circumstances(backend.name(), backend.precision().label(), Long.toHexString(checksum.getValue()));
    }

    private static void add(CRC32C checksum, Split split) {
        for (int[] numbers : new int[][] {split.tokens(), split.sizes()}) {
            ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Integer.BYTES);
            bytes.asIntBuffer().put(numbers);
            checksum.update(bytes);
        }
    }

    /** These as a checkpoint's strings. */
    Map<String, String> toMetadata() {
        return Map.of(DEVICE, device, PRECISION, precision, DATA, data);
    }

    /**
     * Makes sure that a run goes on under the circumstances that its checkpoint tells.
     *
     * @param file the checkpoint, for the message
     * @throws BadInputException if they have changed
     */
    void requireAsIn(Map<String, String> metadata, Path file) {
        String before = metadata.get(DEVICE) + " in " + metadata.get(PRECISION);
        String now = device + " in " + precision;
        if (!now.equals(before)) {
            throw new BadInputException("the run of " + file + " was made on " + before + ", and would go on on " + now
                    + "; 'doctor' says what this machine lacks for " + metadata.get(DEVICE));
        }
        if (!data.equals(metadata.get(DATA))) {
            throw new BadInputException("the run of " + file + " was made with other text than --data holds now; give "
                    + "it the same again, or start a new run in another --run-dir");
        }
    }
}
