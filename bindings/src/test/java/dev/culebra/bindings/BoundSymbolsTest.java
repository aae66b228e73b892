package dev.culebra.bindings;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import dev.culebra.bindings.cublas.cublas;
import dev.culebra.bindings.cublaslt.cublasLt;
import dev.culebra.bindings.cuda.cuda;
import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.bindings.nccl.nccl;
import dev.culebra.bindings.nvml.nvml;
import dev.culebra.bindings.nvrtc.nvrtc;
import dev.culebra.bindings.nvtx.nvtx;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** Looks every bound function up in the library itself. */
class BoundSymbolsTest {
    @SuppressWarnings("unused")
    private static final List<Arguments> FROM_PIP = List.of(arguments(NativeLibraries.CUBLAS, cublas.class, 904),
            arguments(NativeLibraries.CUBLAS_LT, cublasLt.class, 49),
            arguments(NativeLibraries.CUDNN, cudnn.class, 228), arguments(NativeLibraries.NVRTC, nvrtc.class, 24),
            arguments(NativeLibraries.NCCL, nccl.class, 126), arguments(NativeLibraries.NVTX, nvtx.class, 106));

    @ParameterizedTest(name = "{1}")
    @FieldSource("FROM_PIP")
    void everyBoundSymbolIsInTheLibrary(NativeLibrary library, Class<?> functions, int names)
            throws ReflectiveOperationException {
        LoadedLibrary loaded = NvidiaLibraries.load(library);
        assertEquals(List.of(), missing(functions, names), () -> "symbols that are missing in " + loaded);
    }

    @Test
    void everyBoundSymbolOfNvmlIsInTheLibrary() throws ReflectiveOperationException {
        NvidiaLibraries.loadFromDriver(NativeLibraries.NVML);
        assertEquals(List.of(), missing(nvml.class, 34));
    }

    @Test
    void everyBoundSymbolOfCudaIsInADriverThatIsNewEnough() throws ReflectiveOperationException {
        NvidiaLibraries.loadFromDriver(NativeLibraries.CUDA);
        List<String> missing = missing(cuda.class, 532);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment version = arena.allocate(Native.C_INT);
            assertEquals(cuda.CUDA_SUCCESS, cuda.cuDriverGetVersion(version));
            int driver = version.get(Native.C_INT, 0);
            System.out.println("CUDA of the driver: " + driver + ", of the headers: " + cuda.CUDA_VERSION
                    + ", functions that the driver lacks: " + missing);
            assertTrue(missing.isEmpty() || driver < cuda.CUDA_VERSION, missing::toString);
        }
    }

    private static List<String> missing(Class<?> functions, int names) throws ReflectiveOperationException {
        List<String> missing = new ArrayList<>();
        int asked = 0;
        for (Method method : functions.getMethods()) {
            if (!method.getName().endsWith("$address")) {
                continue;
            }
            asked++;
            try {
                assertNotEquals(0, ((MemorySegment) method.invoke(null)).address(), method.getName());
            } catch (InvocationTargetException failure) {
                assertTrue(failure.getCause() instanceof MissingSymbolException, failure.getCause()::toString);
                missing.add(method.getName());
            }
        }
        assertEquals(names, asked);
        return missing;
    }
}
