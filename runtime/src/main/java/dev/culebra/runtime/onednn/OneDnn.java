package dev.culebra.runtime.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.DataType;

/** The one place where oneDNN's status codes are checked. */
public final class OneDnn {
    private OneDnn() {}

    /**
     * Throws unless the status is success.
     *
     * @param function the C function that returned it
     * @throws OutOfMemoryError for {@code dnnl_out_of_memory}
     * @throws OneDnnException for everything else
     */
    public static void check(String function, int status) {
        if (status == dnnl.dnnl_success) {
            return;
        }
        if (status == dnnl.dnnl_out_of_memory) {
            throw new OutOfMemoryError("oneDNN could not allocate memory in " + function
                    + ": use a smaller --batch-size, or close other programs");
        }
        throw new OneDnnException(function, status, Native.string(dnnl.dnnl_status2str(status)));
    }

    /** The library's version, such as {@code 3.13.0}. */
    public static String version() {
        MemorySegment version = dnnl.dnnl_version();
        return version.get(ValueLayout.JAVA_INT, 0) + "." + version.get(ValueLayout.JAVA_INT, 4) + "."
                + version.get(ValueLayout.JAVA_INT, 8);
    }

    /** The version whose headers the bindings were generated from, such as {@code 3.13.0}. */
    public static String headerVersion() {
        return dnnl.DNNL_VERSION_MAJOR + "." + dnnl.DNNL_VERSION_MINOR + "." + dnnl.DNNL_VERSION_PATCH;
    }

    /**
     * Whether oneDNN trains in bfloat16 on this processor: among those of x86, only where there is AVX-512, natively or
     * by conversion.
     */
    public static boolean trainsInBfloat16() {
        boolean x86 = List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
        int avx512 = dnnl.dnnl_cpu_isa_avx512_core;
        return !x86 || (dnnl.dnnl_get_effective_cpu_isa() & avx512) == avx512;
    }

    /** Calls a function whose first parameter receives a new handle, and returns the handle. */
    static MemorySegment create(String function, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            check(function, call.applyAsInt(out));
            return out.get(ValueLayout.ADDRESS, 0);
        }
    }

    static int type(DataType type) {
        return switch (type) {
            case F32 -> dnnl.dnnl_f32;
            case BF16 -> dnnl.dnnl_bf16;
            case F64 -> dnnl.dnnl_f64;
            case I32 -> dnnl.dnnl_s32;
        };
    }
}
