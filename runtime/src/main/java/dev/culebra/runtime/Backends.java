package dev.culebra.runtime;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.runtime.cpu.CpuBackend;
import dev.culebra.runtime.cuda.CudaBackend;
import dev.culebra.runtime.cuda.GpuAttempt;
import dev.culebra.runtime.reference.ReferenceBackend;

/** Opens backends by the names they have on the command line. */
public final class Backends {
    private static final Pattern CUDA_NUMBERED = Pattern.compile("cuda:(\\d{1,4})");

    private Backends() {}

    /** What {@link #open} accepts as a device, the default first; {@code cuda:1} and so on are further GPUs. */
    public static List<String> devices() {
        return List.of("auto", "cuda", "cpu", "reference");
    }

    /**
     * Opens a backend, which the caller closes. Its {@linkplain Backend#description() description} says what
     * {@code auto} chose and why.
     *
     * @param device one of {@link #devices()}, or {@code cuda:N}
     * @param precision the arithmetic wanted; {@code reference} has only double precision and takes that for any
     * @throws IllegalArgumentException if there is no such device, or it does not have this precision
     * @throws MissingLibraryException if {@code cpu} is asked for and oneDNN is not found
     */
    public static Backend open(String device, Precision precision) {
        return open(device, precision, true);
    }

    /**
     * The same.
     *
     * @param records whether a device that can records {@linkplain Backend#repeat repeated} work
     */
    public static Backend open(String device, Precision precision, boolean records) {
        return switch (device) {
            case "auto" -> openAny(precision, records);
            case "cuda" -> CudaBackend.open(0, precision, records);
            case "cpu" -> CpuBackend.open(precision);
            case "reference" -> new ReferenceBackend();
            default -> CudaBackend.open(ordinal(device), precision, records);
        };
    }

    private static int ordinal(String device) {
        Matcher numbered = CUDA_NUMBERED.matcher(device);
        if (!numbered.matches()) {
            throw new IllegalArgumentException(
                    "there is no device " + device + "; there are " + String.join(", ", devices())
                            + ", cuda:1 and so on");
        }
        return Integer.parseInt(numbered.group(1));
    }

    /** A GPU that works, else the cpu, else the reference. */
    private static Backend openAny(Precision precision, boolean records) {
        return switch (GpuAttempt.of(precision, records)) {
            case GpuAttempt.Working gpu -> gpu.backend();
            case GpuAttempt.Unusable gpu -> openHost(precision, "no GPU: " + gpu.reason());
        };
    }

    private static Backend openHost(Precision precision, String whyNoGpu) {
        try {
            return CpuBackend.open(precision, whyNoGpu);
        } catch (MissingLibraryException missing) {
            return new ReferenceBackend(
                    whyNoGpu + "; oneDNN was not found, and --device cpu says where it was sought");
        } catch (IllegalArgumentException unsuitable) {
            throw new IllegalArgumentException(unsuitable.getMessage() + " (" + whyNoGpu + ")", unsuitable);
        }
    }
}
