package dev.culebra.runtime;

import java.util.List;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.runtime.cpu.CpuBackend;
import dev.culebra.runtime.reference.ReferenceBackend;

/** Opens backends by the names they have on the command line. */
public final class Backends {
    private Backends() {}

    /** What {@link #open} accepts as a device, the default first. */
    public static List<String> devices() {
        return List.of("auto", "cpu", "reference");
    }

    /**
     * Opens a backend, which the caller closes. Its {@linkplain Backend#description() description} says what
     * {@code auto} chose and why.
     *
     * @param device one of {@link #devices()}
     * @param precision the arithmetic wanted; {@code reference} has only double precision and takes that for any
     * @throws IllegalArgumentException if there is no such device, or it does not have this precision
     * @throws MissingLibraryException if {@code cpu} is asked for and oneDNN is not found
     */
    public static Backend open(String device, Precision precision) {
        return switch (device) {
            case "auto" -> openAny(precision);
            case "cpu" -> CpuBackend.open(precision);
            case "reference" -> new ReferenceBackend();
            default -> throw new IllegalArgumentException(
                    "there is no device " + device + "; there are " + String.join(", ", devices()));
        };
    }

    private static Backend openAny(Precision precision) {
        try {
            return CpuBackend.open(precision);
        } catch (MissingLibraryException missing) {
            return new ReferenceBackend("oneDNN was not found; --device cpu says where it was sought");
        }
    }
}
