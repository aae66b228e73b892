package dev.culebra.bindings;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The native libraries that have bindings here. */
public final class NativeLibraries {
    private static final String DRIVER = "install the driver of your GPU: https://www.nvidia.com/drivers";
    private static final List<LibrarySource> OF_THE_DRIVER = List.of(new DynamicLinker(), new DriverFolders());
    private static final List<LibrarySource> OF_CUDA = List.of(new DynamicLinker(), new CudaToolkit(),
            new PythonWheels(), new CondaEnvironment(), new MavenNatives("org/bytedeco/cuda"));

    /**
     * oneDNN. Found by {@code -Dculebra.onednn.path} or {@code CULEBRA_ONEDNN_PATH} (a file or a folder), in the Maven
     * artifact {@code org.bytedeco:dnnl}, or by the dynamic linker. The artifact comes before the linker, because a
     * library that happens to be installed has any version.
     */
    public static final NativeLibrary ONEDNN = new NativeLibrary(new LibraryDescription("onednn", "oneDNN",
            Map.of(Platform.System.LINUX, names(name("libdnnl.so.3", "libgomp.so.1")), Platform.System.MACOSX,
                    names(name("libdnnl.3.dylib", "libomp.dylib", "libiomp5.dylib")), Platform.System.WINDOWS,
                    names(name("dnnl.dll"))),
            List.of(new MavenNatives("org/bytedeco/dnnl"), new DynamicLinker()),
            "mvn dependency:get -Dartifact=org.bytedeco:dnnl:3.13-1.5.14:jar:" + Platform.current()
                    + " and put the jar on the class path"));

    /** The CUDA driver API, which comes with the driver of the GPU. */
    public static final NativeLibrary CUDA = new NativeLibrary(nvidia("cuda", "the CUDA driver",
            names(name("libcuda.so.1")), names(name("nvcuda.dll")), OF_THE_DRIVER, DRIVER));

    /** cuBLASLt, the part of cuBLAS with plans and epilogues. */
    public static final NativeLibrary CUBLAS_LT = new NativeLibrary(nvidia("cublaslt", "cuBLASLt",
            names(alone("libcublasLt.so.13"), alone("libcublasLt.so.12")),
            names(alone("cublasLt64_13.dll"), alone("cublasLt64_12.dll")), OF_CUDA, "pip install nvidia-cublas"));

    /** cuBLAS. It needs cuBLASLt from its own folder. */
    public static final NativeLibrary CUBLAS = new NativeLibrary(nvidia("cublas", "cuBLAS",
            names(family("libcublas.so.13", "libcublasLt.so.13"), family("libcublas.so.12", "libcublasLt.so.12")),
            names(family("cublas64_13.dll", "cublasLt64_13.dll"), family("cublas64_12.dll", "cublasLt64_12.dll")),
            OF_CUDA, "pip install nvidia-cublas"));

    /**
     * NVRTC, the compiler of CUDA C++ at run time. It loads {@code libnvrtc-builtins} by name alone when it first
     * compiles, so that of its own folder is loaded before it.
     */
    public static final NativeLibrary NVRTC = new NativeLibrary(nvidia("nvrtc", "NVRTC",
            names(family("libnvrtc.so.13", "libnvrtc-builtins.so.13.*"),
                    family("libnvrtc.so.12", "libnvrtc-builtins.so.12.*")),
            names(family("nvrtc64_130_0.dll", "nvrtc-builtins64_13*.dll"),
                    family("nvrtc64_120_0.dll", "nvrtc-builtins64_12*.dll")),
            OF_CUDA, "pip install nvidia-cuda-nvrtc"));

    /**
     * cuDNN. The one library is a door to several, which it loads from its own folder when they are first needed; those
     * load cuBLASLt and NVRTC, and take the ones that are in the process.
     */
    public static final NativeLibrary CUDNN = new NativeLibrary(nvidia("cudnn", "cuDNN",
            names(new LibraryFileName("libcudnn.so.9", List.of(),
                    List.of("libcudnn_graph.so.9", "libcudnn_ops.so.9", "libcudnn_cnn.so.9", "libcudnn_adv.so.9",
                            "libcudnn_*.so.9"))),
            names(new LibraryFileName("cudnn64_9.dll", List.of(),
                    List.of("cudnn_graph64_9.dll", "cudnn_ops64_9.dll", "cudnn_cnn64_9.dll", "cudnn_adv64_9.dll",
                            "cudnn_*64_9.dll"))),
            OF_CUDA, "pip install nvidia-cudnn-cu13"), CUBLAS_LT, NVRTC);

    /** NCCL, collective operations between GPUs. */
    public static final NativeLibrary NCCL = new NativeLibrary(nvidia("nccl", "NCCL", names(name("libnccl.so.2")),
            List.of(), OF_CUDA, "pip install nvidia-nccl-cu13"));

    /** NVML, which comes with the driver of the GPU and observes it. */
    public static final NativeLibrary NVML = new NativeLibrary(nvidia("nvml", "NVML",
            names(name("libnvidia-ml.so.1")), names(name("nvml.dll")), OF_THE_DRIVER, DRIVER));

    /** NVTX, which names ranges of time for profilers. */
    public static final NativeLibrary NVTX = new NativeLibrary(nvidia("nvtx", "NVTX",
            names(name("libnvtx3interop.so.1")), names(name("nvtx3interop.dll")), OF_CUDA,
            "pip install nvidia-nvtx"));

    private NativeLibraries() {}

    /** The names of one table serve both processors that NVIDIA's libraries are made for, x86_64 and arm64. */
    private static LibraryDescription nvidia(String key, String title, List<LibraryFileName> linux,
            List<LibraryFileName> windows, List<LibrarySource> sources, String install) {
        return new LibraryDescription(key, title,
                Map.of(Platform.System.LINUX, linux, Platform.System.WINDOWS, windows), sources, install);
    }

    private static List<LibraryFileName> names(LibraryFileName... names) {
        return List.of(names);
    }

    private static LibraryFileName name(String name, String... before) {
        return new LibraryFileName(name, List.of(before), List.of());
    }

    /** A library of which a process must have only one. */
    private static LibraryFileName alone(String name) {
        return new LibraryFileName(name, List.of(), List.of(name));
    }

    /** A library that needs others from its own folder, loaded before it. */
    private static LibraryFileName family(String name, String... before) {
        return new LibraryFileName(name, List.of(before), Stream.concat(Stream.of(before), Stream.of(name)).toList());
    }
}
