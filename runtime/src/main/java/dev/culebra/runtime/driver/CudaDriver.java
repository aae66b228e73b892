package dev.culebra.runtime.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.cuda.cuda;

/** The one place where status codes of the CUDA driver API are checked. Safe for use by several threads. */
public final class CudaDriver {
    static final long UNKNOWN = -1;

    private static final String ADVICE = "use a smaller --batch-size, close what is not needed, or end other programs that"
            + " use this device (nvidia-smi lists them)";

    private static final AtomicLong STICKY = new AtomicLong();
    private static volatile boolean initialized;

    private CudaDriver() {}

    /**
     * Throws unless the status is success.
     *
     * @param function the C function that returned it
     * @throws CudaOutOfMemoryException for {@code CUDA_ERROR_OUT_OF_MEMORY}
     * @throws CudaException for everything else
     */
    public static void check(String function, int status) {
        if (status != cuda.CUDA_SUCCESS) {
            throw failure(function, status);
        }
    }

    /**
     * Initialises the driver, once in a process; everything here does so when it is first needed.
     *
     * @throws dev.culebra.bindings.MissingLibraryException if there is no driver
     * @throws CudaException if the driver does not work or finds no device
     */
    public static void initialize() {
        if (!initialized) {
            check("cuInit", cuda.cuInit(0));
            initialized = true;
        }
    }

    /**
     * The newest version of CUDA that the driver supports, such as {@code 13.0}; it needs no device.
     *
     * @throws dev.culebra.bindings.MissingLibraryException if there is no driver
     */
    public static String version() {
        return dotted(getInt("cuDriverGetVersion", cuda::cuDriverGetVersion));
    }

    /** The version of CUDA whose headers the bindings were generated from, such as {@code 13.0}. */
    public static String headerVersion() {
        return dotted(cuda.CUDA_VERSION);
    }

    /** What to throw where a pool that has reserved so much could not give so much memory of the device. */
    static CudaOutOfMemoryException outOfMemory(String function, long bytes, long reserved) {
        return outOfMemory(function, bytes, reserved, ADVICE);
    }

    /** As {@link #check(String, int)}, for a call that asked for so much pinned memory of the host. */
    static void checkPinned(String function, int status, long bytes) {
        if (status == cuda.CUDA_ERROR_OUT_OF_MEMORY) {
            throw outOfMemory(function, bytes, UNKNOWN, "the host cannot pin that much: use a smaller buffer several"
                    + " times, or raise the limit on locked memory (ulimit -l)");
        }
        check(function, status);
    }

    /** How many sticky errors have been reported in this process. */
    static long stickyErrors() {
        return STICKY.get();
    }

    /** What to throw for a status that is no success. */
    static CudaException failure(String function, int status) {
        return failure(function, status, "");
    }

    /** The same, with what is known beside the vendor's text, such as a log. */
    static CudaException failure(String function, int status, String detail) {
        if (status == cuda.CUDA_ERROR_OUT_OF_MEMORY) {
            return outOfMemory(function, UNKNOWN, UNKNOWN, detail.isEmpty() ? ADVICE : detail);
        }
        if (CudaException.isSticky(status)) {
            STICKY.incrementAndGet();
        }
        String text = text(status);
        String separator = text.isEmpty() || detail.isEmpty() ? "" : "; ";
        return new CudaException(function, status, name(status), text + separator + detail);
    }

    /** Calls a function whose first parameter receives a new handle, and returns the handle. */
    static MemorySegment create(String function, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            check(function, call.applyAsInt(out));
            return out.get(ValueLayout.ADDRESS, 0);
        }
    }

    /** Calls a function whose first parameter receives an {@code int}, and returns that. */
    static int getInt(String function, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
            check(function, call.applyAsInt(out));
            return out.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /** Calls a function whose first parameter receives a {@code size_t} or an address, and returns that. */
    static long getLong(String function, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            check(function, call.applyAsInt(out));
            return out.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    private static CudaOutOfMemoryException outOfMemory(String function, long requested, long reserved, String help) {
        long free = UNKNOWN;
        long total = UNKNOWN;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sizes = arena.allocate(ValueLayout.JAVA_LONG, 2);
            if (cuda.cuMemGetInfo_v2(sizes, sizes.asSlice(Long.BYTES)) == cuda.CUDA_SUCCESS) {
                free = sizes.getAtIndex(ValueLayout.JAVA_LONG, 0);
                total = sizes.getAtIndex(ValueLayout.JAVA_LONG, 1);
            }
        }
        int status = cuda.CUDA_ERROR_OUT_OF_MEMORY;
        return new CudaOutOfMemoryException(function, name(status), text(status), requested, free, total, reserved,
                help);
    }

    private static String name(int status) {
        return string(status, cuda::cuGetErrorName);
    }

    private static String text(int status) {
        return string(status, cuda::cuGetErrorString);
    }

    private static String string(int status, StringFunction function) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(Native.C_POINTER);
            int found = function.apply(status, out);
            return found == cuda.CUDA_SUCCESS ? Native.string(out.get(Native.C_POINTER, 0)) : "";
        }
    }

    private static String dotted(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    /** {@code cuGetErrorName} or {@code cuGetErrorString}. */
    @FunctionalInterface
    private interface StringFunction {
        int apply(int status, MemorySegment out);
    }
}
