package dev.culebra.tools.bindgen;

import java.util.List;
import java.util.stream.Stream;

import dev.culebra.tools.bindgen.LibrarySpec.Reason;
import dev.culebra.tools.bindgen.LibrarySpec.Target;

/** The table of what is bound, and of what is left out and why. */
public final class LibrarySpecs {
    private static final String CUDA_INCLUDE = "nvidia/cu13/include";
    private static final String CUDA_LIB = "nvidia/cu13/lib/";
    private static final String CUDNN_LIB = "nvidia/cudnn/lib/libcudnn";
    private static final String CUBLAS_WHEEL = "nvidia_cublas-13.1.1.3";
    private static final String CUDA_HEADERS = "nvidia_cuda_runtime-13.0.96";
    /** {@code crt/host_defines.h}, which most other headers include. */
    private static final String COMPILER_HEADERS = "nvidia_cuda_crt-13.0.88";
    /** {@code nv/target}, which the headers of half-precision numbers include. */
    private static final String CPP_HEADERS = "nvidia_cuda_cccl-13.0.85";
    private static final String INTERNAL = "internal: in no header of the package";
    private static final List<String> PROPERTIES = List.of("MAJOR_VERSION", "MINOR_VERSION", "PATCH_LEVEL");

    /** Deep-learning primitives for processors. */
    public static final LibrarySpec ONEDNN = new LibrarySpec("oneDNN 3.13",
            Origin.ofJar("org/bytedeco/dnnl/linux-x86_64", "libdnnl.so.3",
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
                            + "set_data_type)", INTERNAL)));

    /** The driver API of CUDA. */
    public static final LibrarySpec CUDA = new LibrarySpec("CUDA driver API 13.0",
            wheels(List.of(CUDA_HEADERS), "libcuda.so.1", List.of(CUDA_INCLUDE), List.of("cuda.h")),
            new Target("dev.culebra.bindings.cuda", "cuda", "NativeLibraries.CUDA"), List.of("cu", "CU"),
            List.of(), List.of());

    /** Dense linear algebra. */
    public static final LibrarySpec CUBLAS = new LibrarySpec("cuBLAS 13.1",
            wheels(List.of(CUBLAS_WHEEL, CUDA_HEADERS, COMPILER_HEADERS, CPP_HEADERS), CUDA_LIB + "libcublas.so.13",
                    List.of(CUDA_INCLUDE), List.of("cublas_v2.h", "cublasXt.h", "culebra_cublas_half.h")),
            new Target("dev.culebra.bindings.cublas", "cublas", "NativeLibraries.CUBLAS"),
            names(PROPERTIES, "cublas", "CUBLAS", "CUDA_R_", "CUDA_C_", "cuComplex", "cuDoubleComplex"),
            List.of(Reason.of("cublas[SDCZ]rotm?g_64",
                    "another name of a function that is neither declared nor exported")),
            List.of(Reason.of("cublas(Init|Shutdown|Alloc|Free|GetError|SetKernelStream)",
                    "declared in cublas.h, which cublas_v2.h replaces: both together are an error"),
                    Reason.of("cublas([SDCZ]bdmm|[GS]etBackdoor(Ex)?|[GS]etEnvironmentMode)", INTERNAL)));

    /** Matrix products with plans and epilogues. */
    public static final LibrarySpec CUBLAS_LT = new LibrarySpec("cuBLASLt 13.1",
            wheels(List.of(CUBLAS_WHEEL, CUDA_HEADERS, COMPILER_HEADERS, CPP_HEADERS), CUDA_LIB + "libcublasLt.so.13",
                    List.of(CUDA_INCLUDE), List.of("cublasLt.h")),
            new Target("dev.culebra.bindings.cublaslt", "cublasLt", "NativeLibraries.CUBLAS_LT"),
            names(PROPERTIES, "cublasLt", "CUBLASLT_", "CUBLAS_STATUS_", "CUBLAS_COMPUTE_", "CUBLAS_OP_", "CUDA_R_",
                    "CUDA_C_"),
            List.of(Reason.of("cublasLtDisableCpuInstructionsSetMask", "the library does not export it")),
            List.of(Reason.of("cublasLt[A-Z]{3}Matmul.*|cublasLtLegacyGemm[A-Z]{3}|cublasLt_for_cublas_[A-Z]{3}",
                    "internal, one for each combination of data types: in no header of the package"),
                    Reason.of("cublasLt(CtxInit|ShutdownCtx|[GS]etEnvironmentMode|ClearNvjetCache|"
                            + "AlgoCharacteristicGetAttribute|MatmulAlgoConfigGetAttributeRange|"
                            + "HeuristicLutSerializeEntry|HeuristicsCache(Create|Destroy|Get|Put))", INTERNAL)));

    /** Deep-learning primitives for GPUs, all parts. */
    public static final LibrarySpec CUDNN = new LibrarySpec("cuDNN 9.24",
            new Origin(new Origin.Wheels(List.of("nvidia_cudnn_cu13-9.24.0.43", CUDA_HEADERS, COMPILER_HEADERS)),
                    CUDNN_LIB + ".so.9",
                    Stream.of("ops", "adv", "cnn", "graph", "ext", "heuristic", "engines_precompiled",
                            "engines_runtime_compiled", "engines_tensor_ir")
                            .map(part -> CUDNN_LIB + "_" + part + ".so.9").toList(),
                    List.of("nvidia/cudnn/include", CUDA_INCLUDE), List.of("cudnn.h"), List.of()),
            new Target("dev.culebra.bindings.cudnn", "cudnn", "NativeLibraries.CUDNN"),
            names(PROPERTIES, "cudnn", "CUDNN"), List.of(),
            List.of(Reason.of("cudnn([GS]etBackdoor(Ex)?|GetRNNDropoutLocationsInternal|GetLibConfig|"
                    + "GetModuleForDescriptor|GetTime|GetTimeDiffString|Snprintf|_\\w+_version)", INTERNAL)));

    /** The compiler of CUDA C++ at run time. */
    public static final LibrarySpec NVRTC = new LibrarySpec("NVRTC 13.0",
            wheels(List.of("nvidia_cuda_nvrtc-13.0.88"), CUDA_LIB + "libnvrtc.so.13", List.of(CUDA_INCLUDE),
                    List.of("nvrtc.h")),
            new Target("dev.culebra.bindings.nvrtc", "nvrtc", "NativeLibraries.NVRTC"), List.of("nvrtc", "NVRTC"),
            List.of(), List.of());

    /** Collective operations between GPUs. */
    public static final LibrarySpec NCCL = new LibrarySpec("NCCL 2.30",
            wheels(List.of("nvidia_nccl_cu13-2.30.7", CUDA_HEADERS, COMPILER_HEADERS, CPP_HEADERS),
                    "nvidia/nccl/lib/libnccl.so.2", List.of("nvidia/nccl/include", CUDA_INCLUDE),
                    List.of("nccl.h")),
            new Target("dev.culebra.bindings.nccl", "nccl", "NativeLibraries.NCCL"),
            List.of("nccl", "pnccl", "NCCL"),
            List.of(Reason.of("NCCL_(CONFIG|SIM_INFO)_INITIALIZER",
                    "an initialiser of a struct: Java sets its members one by one")),
            List.of(Reason.of("p?nccl(Dev|Team|LLA2A|Lsa|Gin|Get\\w*DevicePointer|CommQueryProperties).*",
                    "declared in nccl_device.h, which is C++ for kernels and does not compile as C"),
                    Reason.of("ncclResetDebugInitInternal", INTERNAL)));

    /** What GPUs are doing. */
    public static final LibrarySpec NVML = new LibrarySpec("NVML",
            new Origin(new Origin.OwnHeaders(), "libnvidia-ml.so.1", List.of(), List.of(),
                    List.of("culebra_nvml.h"), List.of()),
            new Target("dev.culebra.bindings.nvml", "nvml", "NativeLibraries.NVML"), List.of("nvml", "NVML_"),
            List.of(), List.of());

    /** Names for profilers. Without {@code NVTX_NO_IMPL} its headers hold the functions themselves. */
    public static final LibrarySpec NVTX = new LibrarySpec("NVTX 3",
            new Origin(new Origin.Wheels(List.of("nvidia_nvtx-13.0.85", CUDA_HEADERS, COMPILER_HEADERS)),
                    CUDA_LIB + "libnvtx3interop.so.1", List.of(), List.of(CUDA_INCLUDE),
                    List.of("nvtx3/nvToolsExt.h", "nvtx3/nvToolsExtSync.h", "nvtx3/nvToolsExtPayload.h",
                            "nvtx3/nvToolsExtCounters.h", "nvtx3/nvToolsExtMem.h", "nvtx3/nvToolsExtMemCudaRt.h",
                            "nvtx3/nvToolsExtCuda.h", "nvtx3/nvToolsExtCudaRt.h"),
                    List.of("NVTX_NO_IMPL")),
            new Target("dev.culebra.bindings.nvtx", "nvtx", "NativeLibraries.NVTX"), List.of("nvtx", "NVTX_"),
            List.of(Reason.of("nvtx.*impl_fntype", "for tools that implement NVTX, not for programs that call it"),
                    Reason.of("NVTX_(LINKONCE_.*|DYNAMIC_EXPORT|INLINE_STATIC)", "an attribute for the C compiler"),
                    Reason.of("NVTX_COUNTER_BATCH_FLAG_(BEGIN|END)TIME_INTERVAL_PAIR",
                            "shifts an int by 32 bits, which means nothing in C")),
            List.of(Reason.of("nvtxNameCl.*", "declared in nvToolsExtOpenCL.h, which needs OpenCL's headers")));

    private LibrarySpecs() {}

    /** All libraries. */
    public static List<LibrarySpec> all() {
        return List.of(ONEDNN, CUDA, CUBLAS, CUBLAS_LT, CUDNN, NVRTC, NCCL, NVML, NVTX);
    }

    private static Origin wheels(List<String> distributions, String library, List<String> includes,
            List<String> headers) {
        return new Origin(new Origin.Wheels(distributions), library, List.of(), includes, headers, List.of());
    }

    private static List<String> names(List<String> some, String... others) {
        return Stream.concat(Stream.of(others), some.stream()).toList();
    }
}
