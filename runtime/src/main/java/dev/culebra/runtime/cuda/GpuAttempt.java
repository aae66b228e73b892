package dev.culebra.runtime.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.NativeLibrary;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.driver.ComputeCapability;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.driver.DeviceMemory;

/** What came of the attempt to use the first GPU. */
public sealed interface GpuAttempt {
    /** The kernels use bfloat16 and its matrix units, which came with it. */
    int OLDEST_MAJOR = 8;

    /**
     * It works.
     *
     * @param backend open, the caller's to close
     */
    record Working(CudaBackend backend) implements GpuAttempt {}

    /**
     * There is none, or it cannot be used.
     *
     * @param reason a short one, for people
     */
    record Unusable(String reason) implements GpuAttempt {}

    /** Opens the first GPU and has it compile and run a kernel; never fails, but says why it could not. */
    static GpuAttempt of(Precision precision, boolean records) {
        try {
            if (!present(NativeLibraries.CUDA)) {
                return new Unusable("no NVIDIA driver can be loaded");
            }
            if (Device.count() == 0) {
                return new Unusable("the NVIDIA driver knows of none");
            }
            Device first = Device.of(0);
            ComputeCapability capability = first.computeCapability();
            if (capability.major() < OLDEST_MAJOR) {
                return new Unusable(first.name() + " has compute capability " + capability + ", and " + OLDEST_MAJOR
                        + ".0 is needed");
            }
            for (NativeLibrary library : List.of(NativeLibraries.NVRTC, NativeLibraries.CUBLAS_LT,
                    NativeLibraries.CUDNN)) {
                if (!present(library)) {
                    return new Unusable(first.name() + " is there, but " + library.description().title()
                            + " cannot be loaded; 'doctor' says how to get it");
                }
            }
            return open(precision, records);
        } catch (RuntimeException | LinkageError | OutOfMemoryError failure) {
            return new Unusable(firstLine(failure));
        }
    }

    private static boolean present(NativeLibrary library) {
        try {
            library.load();
            return true;
        } catch (MissingLibraryException missing) {
            return false;
        }
    }

    private static GpuAttempt open(Precision precision, boolean records) {
        CudaBackend backend = CudaBackend.open(0, precision, records);
        try {
            requireKernels(backend);
            return new Working(backend);
        } catch (Throwable failure) {
            try (backend) {
                throw failure;
            }
        }
    }

    private static void requireKernels(CudaBackend backend) {
        float[] numbers = {1, -2.5f, 0, 1024};
        float[] back = new float[numbers.length];
        try (DeviceMemory wide = backend.allocateMemory((long) numbers.length * Float.BYTES);
                DeviceMemory narrow = backend.allocateMemory((long) numbers.length * Short.BYTES)) {
            wide.write(MemorySegment.ofArray(numbers), backend.stream());
            backend.convert(DataType.F32, wide, DataType.BF16, narrow, numbers.length);
            wide.clear(backend.stream());
            backend.convert(DataType.BF16, narrow, DataType.F32, wide, numbers.length);
            wide.read(MemorySegment.ofArray(back), backend.stream());
        }
        if (!Arrays.equals(numbers, back)) {
            throw new IllegalStateException(backend.description() + " computes wrongly: "
                    + Arrays.toString(back) + " instead of " + Arrays.toString(numbers));
        }
    }

    private static String firstLine(Throwable failure) {
        Throwable told = failure instanceof ExceptionInInitializerError && failure.getCause() != null
                ? failure.getCause()
                : failure;
        return Optional.ofNullable(told.getMessage()).flatMap(message -> message.lines().findFirst())
                .orElse(told.getClass().getSimpleName());
    }
}
