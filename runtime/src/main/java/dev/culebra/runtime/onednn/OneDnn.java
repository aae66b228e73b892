package dev.culebra.runtime.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.ToIntFunction;

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
        MemorySegment name = dnnl.dnnl_status2str(status);
        throw new OneDnnException(function, status, name.reinterpret(Long.MAX_VALUE).getString(0));
    }

    /** The library's version, such as {@code 3.13.0}. */
    public static String version() {
        MemorySegment version = dnnl.dnnl_version().reinterpret(12);
        return version.get(ValueLayout.JAVA_INT, 0) + "." + version.get(ValueLayout.JAVA_INT, 4) + "."
                + version.get(ValueLayout.JAVA_INT, 8);
    }

    /** Whether this processor computes bfloat16 products natively, so that bf16 is faster than fp32. */
    public static boolean hasNativeBfloat16() {
        int isa = dnnl.dnnl_get_effective_cpu_isa();
        int bf16 = dnnl.dnnl_cpu_isa_avx512_core_bf16;
        return (isa & bf16) == bf16;
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
