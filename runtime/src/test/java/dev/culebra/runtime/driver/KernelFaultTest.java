package dev.culebra.runtime.driver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.standin.DeviceCode;
import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.culebra.runtime.driver.ParameterType.INT;
import static dev.culebra.runtime.driver.ParameterType.POINTER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What a kernel does wrong is found when it runs on the host. On a GPU such a kernel ends the process's work with the device,
 * so only the stand-in is asked.
 */
class KernelFaultTest extends OnDevice {
    private static final int THREADS = 64;
    /** Floats of x, and of the shared memory that a launch adds: they end amid a page, and amid 8 bytes. */
    private static final int COUNT = 25;

    private static final String BEHIND_MEMORY = "touches memory behind the end of device memory: ";
    private static final String BEHIND_DYNAMIC = "touches memory behind the end of dynamic shared memory: ";
    private static final String BEHIND_SHARED = "touches memory behind the end of a shared array";
    private static final String BESIDE_LOCAL = "touches memory beside a local array";
    private static final String FAR = "touches memory that it may not touch";
    private static final String UNDEFINED = "does what C++ leaves undefined";
    private static final String DYNAMIC = "DYNAMIC_SHARED(float, shared); shared[threadIdx.x % 25] = 0; ";
    // The compiler does not know where a volatile pointer points, so that only the check of the access finds it.
    private static final String SHARED = "__shared__ float shared[7]; shared[threadIdx.x % 7] = 0; float* volatile hidden = shared; ";
    private static final String LOCAL = "float local[5] = {x[0], x[1], x[2], x[3], x[4]}; ";
    private static final String HIDDEN = LOCAL + "float* volatile hidden = local; ";

    /** Kernels that do nothing wrong where n is 0. */
    private static final List<Fault> FAULTS = List.of(
            new Fault(BEHIND_MEMORY + "reads 4 bytes", COUNT, "x[0] = x[n];"),
            new Fault(BEHIND_MEMORY + "writes 4 bytes", COUNT, "x[n] = 1;"),
            new Fault(BEHIND_MEMORY + "reads 2 bytes", 2 * COUNT, "x[0] = reinterpret_cast<unsigned short*>(x)[n];"),
            new Fault(BEHIND_MEMORY + "writes 16 bytes", COUNT / 4,
                    "reinterpret_cast<float4*>(x)[n] = make_float4(1, 2, 3, 4);"),
            new Fault(FAR, 1, "x[-n] = 1;"), new Fault(FAR, 1 << 20, "x[0] = x[n];"),
            new Fault(BEHIND_DYNAMIC + "reads 4 bytes", COUNT, DYNAMIC + "x[0] = shared[n];"),
            new Fault(BEHIND_DYNAMIC + "writes 4 bytes", COUNT, DYNAMIC + "shared[n] = 1;"),
            new Fault(FAR, 1 << 10, DYNAMIC + "shared[n] = 1;"),
            new Fault(BEHIND_SHARED, 7, SHARED + "x[0] = hidden[n];"),
            new Fault(BEHIND_SHARED, 7, SHARED + "hidden[n] = 1;"),
            new Fault(BESIDE_LOCAL, 5, HIDDEN + "x[0] = hidden[n];"),
            new Fault(BESIDE_LOCAL, 1, HIDDEN + "hidden[-n] = x[5]; x[0] = local[x[6] > 1] + local[2];"),
            // The index of an array whose size is known.
            new Fault(UNDEFINED, 5, LOCAL + "x[0] = local[n];"),
            // A GPU reads a vector only at a multiple of its size.
            new Fault(UNDEFINED, 1, "x[0] = reinterpret_cast<float4*>(x + n)->w;"),
            new Fault(UNDEFINED, 32, "x[0] = 1 << n;"), new Fault(UNDEFINED, 1 << 30, "x[0] = n * 4;"),
            new Fault("never come to where it is", 1, """
                    if (n == 0 || threadIdx.x % 2 == 0) __syncthreads();
                    else x[0] = __shfl_sync(0xffffffffu, x[0], 0);
                    """));

    /** What the stand-in must say of a kernel (float* x, int n). */
    private record Fault(String message, int n, String statements) {
        String name() {
            return "fault" + FAULTS.indexOf(this);
        }

        String source() {
            return "extern \"C\" __global__ void " + name() + "(float* x, int n) {\n" + statements + "\n}\n";
        }

        @Override
        public String toString() {
            return statements + " with n = " + n;
        }
    }

    @BeforeEach
    void requireStandIn() {
        assumeTrue(StandIn.isActive(), "skipped: a GPU would be lost to the other tests");
    }

    static List<Fault> faults() {
        return FAULTS;
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isReportedByALaterCall(Fault fault) {
        // Device 1 has a context that nothing else uses.
        try (Context own = Context.of(Device.of(1));
                Stream queue = Stream.create(own);
                MemoryPool memories = MemoryPool.create(own, 0);
                DeviceMemory x = memories.allocate(COUNT * Float.BYTES, queue);
                Module module = faulty(own)) {
            x.clear(queue);
            launch(module, fault, x, fault.n, queue);
            int status = assertThrows(CudaException.class, queue::synchronize).status();
            assertTrue(StandIn.message().contains(fault.message), StandIn.message());
            assertTrue(StandIn.message().startsWith("kernel " + fault.name() + ", block (0, 0, 0), thread ("));
            assertEquals(fault.message.startsWith("touches")
                    ? cuda.CUDA_ERROR_ILLEGAL_ADDRESS
                    : cuda.CUDA_ERROR_LAUNCH_FAILED, status);
        }
    }

    @Test
    void isNotReportedWhereNothingIsWrong() {
        try (Module module = faulty(context); DeviceMemory x = memory(new float[COUNT])) {
            for (Fault fault : FAULTS) {
                launch(module, fault, x, 0, stream);
                stream.synchronize();
            }
        }
    }

    private static Module faulty(Context context) {
        StringBuilder source = new StringBuilder();
        FAULTS.forEach(fault -> source.append(fault.source()));
        return Module.load(context, DeviceCode.compile("faults", source.toString(), context.device()));
    }

    private static void launch(Module module, Fault fault, DeviceMemory x, int n, Stream stream) {
        module.kernel(fault.name(), POINTER, INT).launch(Dim3.of(1), Dim3.of(THREADS), COUNT * Float.BYTES).set(0, x)
                .set(1, n).launch(stream);
    }

    /** Threads run in an order drawn from the seed, and shared memory holds NaN at first. */
    @Test
    void aMissingBarrierShowsInTheResult() {
        String reverse = """
                extern "C" __global__ void reverse(float* x) {
                    DYNAMIC_SHARED(float, shared);
                    shared[threadIdx.x] = x[threadIdx.x];
                    %s
                    x[threadIdx.x] = shared[blockDim.x - 1 - threadIdx.x];
                }
                """;
        List<Integer> wrong = new ArrayList<>();
        for (int seed = 0; seed < 8; seed++) {
            StandIn.seed(seed);
            assertArrayEquals(new float[] {4, 3, 2, 1, 0}, reversed(reverse.formatted("__syncthreads();")));
            if (!Arrays.equals(new float[] {4, 3, 2, 1, 0}, reversed(reverse.formatted("")))) {
                wrong.add(seed);
            }
        }
        assertFalse(wrong.isEmpty());
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), wrong, "the seeds that show it");
    }

    private float[] reversed(String source) {
        try (Module module = Module.load(context, DeviceCode.compile("reverse", source, context.device()));
                DeviceMemory x = memory(0, 1, 2, 3, 4)) {
            module.kernel("reverse", POINTER).launch(Dim3.of(1), Dim3.of(5), 5 * Float.BYTES).set(0, x).launch(stream);
            return floats(x);
        }
    }
}
