package dev.culebra.runtime.machine;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.NativeLibrary;
import dev.culebra.runtime.cublas.Cublas;
import dev.culebra.runtime.cublaslt.CublasLt;
import dev.culebra.runtime.cudnn.Cudnn;
import dev.culebra.runtime.driver.CudaDriver;
import dev.culebra.runtime.nccl.Nccl;
import dev.culebra.runtime.nvrtc.Nvrtc;
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
    static final Probe ONEDNN = of("oneDNN", NativeLibraries.ONEDNN, OneDnn.headerVersion(), OneDnn::version);
    static final Probe CUDA = of("CUDA driver", NativeLibraries.CUDA, CudaDriver.headerVersion(), CudaDriver::version);
    static final Probe NVML = unversioned("NVML", NativeLibraries.NVML);
    /** The header of NVRTC names no version: it belongs to the CUDA of the driver API's. */
    static final List<Probe> OF_NVIDIA = List.of(
            of("cuBLASLt", NativeLibraries.CUBLAS_LT, CublasLt.headerVersion(), CublasLt::version),
            of("cuBLAS", NativeLibraries.CUBLAS, Cublas.headerVersion(), Cublas::version),
            of("cuDNN", NativeLibraries.CUDNN, Cudnn.headerVersion(), Cudnn::version),
            of("NVRTC", NativeLibraries.NVRTC, CudaDriver.headerVersion(), Nvrtc::version),
            of("NCCL", NativeLibraries.NCCL, Nccl.headerVersion(), Nccl::version),
            unversioned("NVTX", NativeLibraries.NVTX));

    static Probe of(String name, NativeLibrary library, String header, Supplier<String> version) {
        return new Probe(name, library, Optional.of(Version.parse(header)),
                () -> Optional.of(Version.parse(version.get())));
    }

    private static Probe unversioned(String name, NativeLibrary library) {
        return new Probe(name, library, Optional.empty(), Optional::empty);
    }
}
