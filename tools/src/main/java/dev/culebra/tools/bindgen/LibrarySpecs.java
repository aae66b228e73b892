package dev.culebra.tools.bindgen;

import java.util.List;

import dev.culebra.tools.bindgen.LibrarySpec.Origin;
import dev.culebra.tools.bindgen.LibrarySpec.Reason;
import dev.culebra.tools.bindgen.LibrarySpec.Target;

/** The table of what is bound, and of what is left out and why. */
public final class LibrarySpecs {
    /** Deep-learning primitives for processors. */
    public static final LibrarySpec ONEDNN = new LibrarySpec("oneDNN 3.13",
            new Origin("org/bytedeco/dnnl/linux-x86_64", "libdnnl.so.3",
                    List.of("oneapi/dnnl/dnnl.h", "oneapi/dnnl/dnnl_debug.h")),
            new Target("dev.culebra.bindings.onednn", "dnnl", "NativeLibraries.ONEDNN"),
            List.of("dnnl_", "DNNL_", "const_dnnl_"),
            List.of(Reason.of("DNNL_HELPER_DLL_.*|DNNL_DEPRECATED", "an attribute for the C compiler"),
                    Reason.of("DNNL_RUNTIME_F32_VAL(_REP)?",
                            "a NaN that C makes with a union: Float.intBitsToFloat(0x7fc000d0)")),
            List.of(Reason.of("dnnl_ocl_interop_.*", "declared in dnnl_ocl.h, which needs OpenCL's headers"),
                    Reason.of("dnnl_query_profiling_data|dnnl_reset_profiling",
                            "declared only if DNNL_EXPERIMENTAL_PROFILING is defined, and it is not"),
                    Reason.of("dnnl_impl_.*|dnnl_gemm_bf16bf16f32|dnnl_memory_desc_(create_with_string_tag|"
                            + "set_data_type)", "internal: in no header of the package")));

    private LibrarySpecs() {}

    /** All libraries. */
    public static List<LibrarySpec> all() {
        return List.of(ONEDNN);
    }
}
