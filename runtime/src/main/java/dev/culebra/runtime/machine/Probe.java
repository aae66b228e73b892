package dev.culebra.runtime.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.NativeLibrary;
import dev.culebra.bindings.cublas.cublas;
import dev.culebra.bindings.cublaslt.cublasLt;
import dev.culebra.bindings.cuda.cuda;
import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.bindings.nccl.nccl;
import dev.culebra.bindings.nvrtc.nvrtc;
import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.onednn.OneDnn;

/**
 * How a library tells its version.
 *
 * @param name its name
 * @param library where it is
 * @param header the version of the headers that the bindings were made from, where they say
 * @param version asks the library, which is loaded; nothing where it has no function for that
 */
record Probe(String name, NativeLibrary library, Optional<Version> header, Supplier<Optional<Version>> version) {
    static final Probe ONEDNN = new Probe("oneDNN", NativeLibraries.ONEDNN,
            Optional.of(Version.of(dnnl.DNNL_VERSION_MAJOR, dnnl.DNNL_VERSION_MINOR, dnnl.DNNL_VERSION_PATCH)),
            Probe::oneDnn);
    static final List<Probe> OF_NVIDIA = List.of(
            new Probe("cuBLASLt", NativeLibraries.CUBLAS_LT, Optional.of(Version.ofHundreds(cublas.CUBLAS_VERSION)),
                    () -> Optional.of(Version.ofHundreds(cublasLt.cublasLtGetVersion()))),
            new Probe("cuBLAS", NativeLibraries.CUBLAS, Optional.of(Version.ofHundreds(cublas.CUBLAS_VERSION)),
                    Probe::cublas),
            new Probe("cuDNN", NativeLibraries.CUDNN, Optional.of(Version.ofHundreds(cudnn.CUDNN_VERSION)),
                    () -> Optional.of(Version.ofHundreds(cudnn.cudnnGetVersion()))),
            new Probe("NVRTC", NativeLibraries.NVRTC, Optional.of(Version.ofCuda(cuda.CUDA_VERSION)), Probe::nvrtc),
            new Probe("NCCL", NativeLibraries.NCCL, Optional.of(Version.ofHundreds(nccl.NCCL_VERSION_CODE)),
                    () -> Optional.of(Version.ofHundreds(integer("ncclGetVersion", nccl::ncclGetVersion)))),
            new Probe("NVTX", NativeLibraries.NVTX, Optional.empty(), Optional::empty));

    private static Optional<Version> oneDnn() {
        return Optional.of(new Version(List.of(OneDnn.version().split("\\.")).stream().map(Integer::valueOf).toList()));
    }

    private static Optional<Version> cublas() {
        return Optional.of(Version.of(property(cublas.MAJOR_VERSION), property(cublas.MINOR_VERSION),
                property(cublas.PATCH_LEVEL)));
    }

    private static int property(int type) {
        return integer("cublasGetProperty", out -> cublas.cublasGetProperty(type, out));
    }

    private static Optional<Version> nvrtc() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment major = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment minor = arena.allocate(ValueLayout.JAVA_INT);
            check("nvrtcVersion", nvrtc.nvrtcVersion(major, minor));
            return Optional.of(Version.of(major.get(ValueLayout.JAVA_INT, 0), minor.get(ValueLayout.JAVA_INT, 0)));
        }
    }

    /** Calls a function that writes one integer and returns 0 if that went well. */
    private static int integer(String function, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
            check(function, call.applyAsInt(out));
            return out.get(ValueLayout.JAVA_INT, 0);
        }
    }

    private static void check(String function, int status) {
        if (status != 0) {
            throw new IllegalStateException("status " + status + " from " + function);
        }
    }
}
