package dev.culebra.bindings;

import java.util.List;
import java.util.Map;

/** The native libraries that have bindings here. */
public final class NativeLibraries {
    /**
     * oneDNN. Found by {@code -Dculebra.onednn.path} or {@code CULEBRA_ONEDNN_PATH} (a file or a folder), in the Maven
     * artifact {@code org.bytedeco:dnnl}, or by the dynamic linker. The artifact comes before the linker, because a
     * library that happens to be installed has any version.
     */
    public static final NativeLibrary ONEDNN = new NativeLibrary(new LibraryDescription("onednn", "oneDNN",
            Map.of(Platform.System.LINUX, List.of("libdnnl.so.3"), Platform.System.MACOSX, List.of("libdnnl.3.dylib"),
                    Platform.System.WINDOWS, List.of("dnnl.dll")),
            Map.of(Platform.System.LINUX, List.of("libgomp.so.1"), Platform.System.MACOSX,
                    List.of("libomp.dylib", "libiomp5.dylib")),
            List.of(new ConfiguredPath(), new MavenNatives("org/bytedeco/dnnl"), new DynamicLinker()),
            "mvn dependency:get -Dartifact=org.bytedeco:dnnl:3.13-1.5.14:jar:" + Platform.current()
                    + " and put the jar on the class path"));

    /** The CUDA driver API, which comes with the driver of the GPU. */
    public static final NativeLibrary CUDA = nvidia("cuda", "the CUDA driver", "libcuda.so.1", "nvcuda.dll",
            "install the driver of your GPU: https://www.nvidia.com/drivers");

    /** cuBLAS. */
    public static final NativeLibrary CUBLAS = nvidia("cublas", "cuBLAS", "libcublas.so.13", "cublas64_13.dll",
            "pip install nvidia-cublas");

    /** cuBLASLt, the part of cuBLAS with plans and epilogues. */
    public static final NativeLibrary CUBLAS_LT = nvidia("cublaslt", "cuBLASLt", "libcublasLt.so.13",
            "cublasLt64_13.dll", "pip install nvidia-cublas");

    /** cuDNN. */
    public static final NativeLibrary CUDNN = nvidia("cudnn", "cuDNN", "libcudnn.so.9", "cudnn64_9.dll",
            "pip install nvidia-cudnn-cu13");

    /** NVRTC, the compiler of CUDA C++ at run time. */
    public static final NativeLibrary NVRTC = nvidia("nvrtc", "NVRTC", "libnvrtc.so.13", "nvrtc64_130_0.dll",
            "pip install nvidia-cuda-nvrtc");

    /** NCCL, collective operations between GPUs. */
    public static final NativeLibrary NCCL = nvidia("nccl", "NCCL", "libnccl.so.2", "nccl.dll",
            "pip install nvidia-nccl-cu13");

    /** NVML, which comes with the driver of the GPU and observes it. */
    public static final NativeLibrary NVML = nvidia("nvml", "NVML", "libnvidia-ml.so.1", "nvml.dll",
            "install the driver of your GPU: https://www.nvidia.com/drivers");

    /** NVTX, which names ranges of time for profilers. */
    public static final NativeLibrary NVTX = nvidia("nvtx", "NVTX", "libnvtx3interop.so", "nvtx3interop.dll",
            "pip install nvidia-nvtx");

    private NativeLibraries() {}

    private static NativeLibrary nvidia(String key, String title, String linux, String windows, String install) {
        return new NativeLibrary(new LibraryDescription(key, title,
                Map.of(Platform.System.LINUX, List.of(linux), Platform.System.WINDOWS, List.of(windows)), Map.of(),
                List.of(new ConfiguredPath(), new DynamicLinker()), install));
    }
}
