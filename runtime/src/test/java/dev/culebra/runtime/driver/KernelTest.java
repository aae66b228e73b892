package dev.culebra.runtime.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.standin.DeviceCode;
import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.culebra.runtime.driver.ParameterType.DOUBLE;
import static dev.culebra.runtime.driver.ParameterType.FLOAT;
import static dev.culebra.runtime.driver.ParameterType.INT;
import static dev.culebra.runtime.driver.ParameterType.LONG;
import static dev.culebra.runtime.driver.ParameterType.POINTER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Modules, their kernels, and how these are launched. */
class KernelTest extends OnDevice {
    private static final String SOURCE = """
            struct Pair { int first; float second; };

            extern "C" {
            __device__ int total = 40;

            __global__ void scale(float* values, float factor, int count) {
                int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
                if (i < count) {
                    values[i] *= factor;
                }
            }

            __global__ void place(int* out) {
                int x = blockIdx.x * blockDim.x + threadIdx.x;
                int y = blockIdx.y * blockDim.y + threadIdx.y;
                int z = blockIdx.z * blockDim.z + threadIdx.z;
                out[(z * gridDim.y * blockDim.y + y) * gridDim.x * blockDim.x + x] = 10000 * z + 100 * y + x;
            }

            __global__ void sum(double* out, int a, long long b, float c, double d, Pair pair) {
                *out = a + b + c + d + pair.first + pair.second;
            }

            __global__ void count() { total = total + 1; }
            }
            """;

    private Module module;

    @BeforeEach
    void load() {
        module = Module.load(context, DeviceCode.compile("kernel-test", SOURCE, context.device()));
    }

    @AfterEach
    void unload() {
        module.close();
    }

    private Launch scale(int count) {
        return module.kernel("scale", POINTER, FLOAT, INT).launch(Dim3.of(Math.ceilDiv(count, 32)), Dim3.of(32));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 31, 33, 257})
    void kernelRunsForEachElement(int count) {
        float[] values = new float[count];
        float[] doubled = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
            doubled[i] = 2 * i;
        }
        try (DeviceMemory memory = memory(values)) {
            scale(count).set(0, memory).set(1, 2f).set(2, count).launch(stream);
            assertArrayEquals(doubled, floats(memory));
        }
    }

    @Test
    void gridAndBlockHaveThreeAxes() {
        try (DeviceMemory memory = pool.allocate(2 * 3 * 4 * 5 * Integer.BYTES, stream)) {
            module.kernel("place", POINTER).launch(new Dim3(2, 3, 2), new Dim3(2, 1, 5)).set(0, memory).launch(stream);
            int[] places = new int[2 * 3 * 4 * 5];
            memory.read(MemorySegment.ofArray(places), stream);
            for (int i = 0; i < places.length; i++) {
                assertEquals(i / 12 * 10000 + i / 4 % 3 * 100 + i % 4, places[i]);
            }
        }
    }

    @Test
    void argumentsOfEveryTypeArrive() {
        try (DeviceMemory out = pool.allocate(Double.BYTES, stream); Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(8, 4);
            pair.set(ValueLayout.JAVA_INT, 0, 1_000_000);
            pair.set(ValueLayout.JAVA_FLOAT, 4, 0.5f);
            module.kernel("sum", POINTER, INT, LONG, FLOAT, DOUBLE, ParameterType.struct(8, 4))
                    .launch(Dim3.of(1), Dim3.of(1)).setAddress(0, out.address()).set(1, 1).set(2, 20L).set(3, 300f)
                    .set(4, 4000.25).set(5, pair).launch(stream);
            double[] sum = new double[1];
            out.read(MemorySegment.ofArray(sum), stream);
            assertEquals(1_004_321.75, sum[0]);
        }
    }

    @Test
    void argumentsAreCopiedByALaunchAndKeepTheirValues() {
        try (DeviceMemory first = memory(1); DeviceMemory second = memory(1)) {
            Launch launch = scale(1).set(0, first).set(1, 2f).set(2, 1);
            launch.launch(stream);
            launch.set(1, 3f).launch(stream);
            launch.set(0, second).launch(stream);
            assertArrayEquals(new float[] {6}, floats(first));
            assertArrayEquals(new float[] {3}, floats(second));
        }
    }

    @Test
    void parametersAreCheckedWhenTheKernelIsLookedUp() {
        assertEquals("kernel scale has more than 2 parameters, but 2 were declared",
                assertThrows(IllegalArgumentException.class, () -> module.kernel("scale", POINTER, FLOAT))
                        .getMessage());
        assertEquals("kernel scale has only 3 parameters, but 4 were declared",
                assertThrows(IllegalArgumentException.class, () -> module.kernel("scale", POINTER, FLOAT, INT, INT))
                        .getMessage());
        assertEquals("parameter 1 of kernel scale has 4 bytes, but was declared as double of 8",
                assertThrows(IllegalArgumentException.class, () -> module.kernel("scale", POINTER, DOUBLE, INT))
                        .getMessage());
        CudaException none = assertThrows(CudaException.class, () -> module.kernel("absent"));
        assertEquals("CUDA_ERROR_NOT_FOUND", none.name().orElseThrow());
        assertTrue(none.getMessage().endsWith("no kernel absent"), none.getMessage());
        assertThrows(IllegalArgumentException.class, () -> ParameterType.struct(8, 3));
        assertThrows(IllegalArgumentException.class, () -> ParameterType.struct(6, 4));
        assertThrows(IllegalArgumentException.class, () -> ParameterType.struct(0, 1));
    }

    @Test
    void argumentsOfTheWrongTypeOrPlaceAreRefused() {
        try (DeviceMemory memory = memory(1)) {
            Launch launch = scale(1);
            assertThrows(IllegalArgumentException.class, () -> launch.set(1, memory));
            assertThrows(IllegalArgumentException.class, () -> launch.set(0, 1f));
            assertThrows(IllegalArgumentException.class, () -> launch.set(1, 1));
            assertThrows(IllegalArgumentException.class, () -> launch.set(2, 1L));
            assertThrows(IllegalArgumentException.class, () -> launch.set(0, MemorySegment.ofArray(new byte[4])));
            assertThrows(IndexOutOfBoundsException.class, () -> launch.set(3, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> launch.set(-1, memory));
            assertTrue(assertThrows(IllegalStateException.class, () -> launch.launch(stream)).getMessage()
                    .startsWith("3 of 3 arguments"));
        }
    }

    @Test
    void argumentThatCouldNotBeSetStaysAsItWas() {
        DeviceMemory closed = memory(1);
        closed.close();
        try (DeviceMemory open = memory(5)) {
            Launch launch = scale(1).set(1, 2f).set(2, 1);
            assertThrows(IllegalStateException.class, () -> launch.set(0, closed));
            assertTrue(assertThrows(IllegalStateException.class, () -> launch.launch(stream)).getMessage()
                    .startsWith("1 of 3 arguments"));
            launch.set(0, open);
            assertThrows(IllegalStateException.class, () -> launch.set(0, closed));
            assertThrows(IllegalStateException.class, () -> launch.set(0, freed()));
            launch.launch(stream);
            assertArrayEquals(new float[] {10}, floats(open));
        }
    }

    /** Eight bytes whose arena is closed. */
    private static MemorySegment freed() {
        try (Arena arena = Arena.ofConfined()) {
            return arena.allocate(Long.BYTES);
        }
    }

    @Test
    void whatIsClosedIsNotLaunched() {
        Kernel kernel = module.kernel("scale", POINTER, FLOAT, INT);
        DeviceMemory memory = memory(1);
        Launch launch = kernel.launch(Dim3.of(1), Dim3.of(1)).set(0, memory).set(1, 2f).set(2, 1);
        memory.close();
        assertEquals("DeviceMemory is closed",
                assertThrows(IllegalStateException.class, () -> launch.launch(stream)).getMessage());
        try (DeviceMemory other = memory(1)) {
            launch.set(0, other);
            module.close();
            assertEquals("Module is closed",
                    assertThrows(IllegalStateException.class, () -> launch.launch(stream)).getMessage());
            assertThrows(IllegalStateException.class, kernel::registers);
            assertThrows(IllegalStateException.class, () -> kernel.launch(Dim3.of(1), Dim3.of(1)));
            assertThrows(IllegalStateException.class, () -> module.kernel("scale"));
            assertThrows(IllegalStateException.class, () -> module.global("total"));
        }
    }

    @Test
    void shapesThatTheDeviceCannotAreRefusedOnce() {
        Kernel kernel = module.kernel("count");
        Dim3 one = Dim3.of(1);
        assertThrows(IllegalArgumentException.class, () -> kernel.launch(Dim3.of(0), one));
        assertThrows(IllegalArgumentException.class, () -> kernel.launch(Dim3.of(1, 65536), one));
        assertThrows(IllegalArgumentException.class, () -> kernel.launch(one, Dim3.of(1025)));
        assertThrows(IllegalArgumentException.class, () -> kernel.launch(one, Dim3.of(64, 32)));
        assertThrows(IllegalArgumentException.class, () -> kernel.launch(one, new Dim3(1, 1, 65)));
        assertThrows(IllegalArgumentException.class, () -> kernel.launch(one, one, -1));
        int most = context.device().maxSharedMemoryPerBlock();
        assertThrows(IllegalArgumentException.class, () -> kernel.launch(one, one, most + 1));
        kernel.launch(one, one, most - kernel.staticSharedMemory()).launch(stream);
        stream.synchronize();
        assertTrue(kernel.blocksPerMultiprocessor(1024, 0) >= 1);
        assertEquals(1, kernel.blocksPerMultiprocessor(32, most - kernel.staticSharedMemory()));
    }

    @Test
    void variableOfAModuleIsMemoryThatItOwns() {
        DeviceSlice total = module.global("total");
        assertEquals(Integer.BYTES, total.bytes());
        module.kernel("count").launch(Dim3.of(1), Dim3.of(1)).launch(stream);
        int[] value = new int[1];
        total.read(MemorySegment.ofArray(value), stream);
        assertEquals(41, value[0]);
        total.fill(7, stream);
        try (Module other = Module.load(context, DeviceCode.compile("kernel-test", SOURCE, context.device()))) {
            other.global("total").read(MemorySegment.ofArray(value), stream);
            assertEquals(40, value[0], "each module has variables of its own");
        }
        total.read(MemorySegment.ofArray(value), stream);
        assertEquals(7, value[0]);
        assertEquals("CUDA_ERROR_NOT_FOUND", assertThrows(CudaException.class, () -> module.global("absent")).name()
                .orElseThrow());
        module.close();
        assertThrows(IllegalStateException.class, () -> total.clear(stream));
    }

    @Test
    void moduleWaitsForItsKernelsBeforeItGoes() {
        for (int seed = 0; seed < 8; seed++) {
            StandIn.seed(seed);
            Module own = Module.load(context, DeviceCode.compile("kernel-test", SOURCE, context.device()));
            try (DeviceMemory memory = memory(3)) {
                own.kernel("scale", POINTER, FLOAT, INT).launch(Dim3.of(1), Dim3.of(32)).set(0, memory).set(1, 2f)
                        .set(2, 1).launch(stream);
                own.close();
                assertArrayEquals(new float[] {6}, floats(memory));
            }
        }
    }

    @Test
    void capturedLaunchKeepsMemoryAndModuleAndTakesNewArguments() {
        try (DeviceMemory first = memory(1); DeviceMemory second = memory(1)) {
            Launch launch = scale(1).set(0, first).set(1, 2f).set(2, 1);
            try (CudaGraph graph = stream.capture(() -> launch.launch(stream));
                    ExecutableGraph executable = graph.instantiate()) {
                assertThrows(IllegalStateException.class, first::close);
                assertThrows(IllegalStateException.class, module::close);
                executable.launch(stream);
                launch.set(0, second).set(1, 5f);
                executable.launch(stream);
                try (CudaGraph other = stream.capture(() -> launch.launch(stream))) {
                    assertTrue(executable.update(other).updated());
                }
                executable.launch(stream);
                assertArrayEquals(new float[] {4}, floats(first));
                assertArrayEquals(new float[] {5}, floats(second));
            }
        }
    }

    @Test
    void codeIsNotLookedUpInACapture() {
        stream.capture(() -> {
            assertThrows(IllegalStateException.class, () -> module.kernel("count"));
            assertThrows(IllegalStateException.class, () -> module.global("total"));
            assertThrows(IllegalStateException.class, module::close);
        }).close();
    }

    @Test
    void kernelOfOneDeviceIsRefusedByAnother() {
        assumeTrue(Device.count() > 1, "skipped: there is one device");
        try (Context other = Context.of(Device.of(1));
                Stream foreign = Stream.create(other);
                MemoryPool foreignPool = MemoryPool.create(other, 0);
                DeviceMemory foreignMemory = foreignPool.allocate(4, foreign)) {
            Launch launch = module.kernel("count").launch(Dim3.of(1), Dim3.of(1));
            assertThrows(IllegalArgumentException.class, () -> launch.launch(foreign));
            assertThrows(IllegalArgumentException.class, () -> scale(1).set(0, foreignMemory));
        }
    }

    @Test
    void imageThatCannotBeLoadedIsAFailure() {
        CudaException broken = assertThrows(CudaException.class, () -> Module.load(context, new byte[] {1, 2, 3}));
        assertEquals("cuModuleLoadDataEx", broken.function());
        assertThrows(IllegalArgumentException.class, () -> Module.load(context, new byte[0]));
        CudaException assembly = assertThrows(CudaException.class,
                () -> Module.load(context, ".version 8.0\n.target sm_80\n.address_size 64\nnonsense".getBytes()));
        assertTrue(assembly.getMessage().contains("the compiler's log:"), assembly.getMessage());
    }

    @Test
    void failedLaunchNamesTheKernelAndItsShape() {
        StandIn.failNext("cuLaunchKernel", cuda.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, 0);
        Launch launch = module.kernel("count").launch(Dim3.of(3), Dim3.of(64));
        CudaException failure = assertThrows(CudaException.class, () -> launch.launch(stream));
        assertTrue(failure.getMessage().endsWith("kernel count, grid (3, 1, 1), block (64, 1, 1)"),
                failure.getMessage());
        launch.launch(stream);
    }

    @Test
    void aBlockSharesMemoryAndWaitsAtBarriers() {
        int threads = 257;
        float[] values = new float[2 * threads];
        float[] reversed = new float[2 * threads];
        for (int i = 0; i < threads; i++) {
            values[i] = i;
            values[threads + i] = threads + i;
            reversed[i] = threads - 1 - i;
            reversed[threads + i] = 2 * threads - 1 - i;
        }
        try (Module shares = compile("""
                extern "C" __global__ void reverse(float* x) {
                    DYNAMIC_SHARED(float, shared);
                    shared[threadIdx.x] = x[blockIdx.x * blockDim.x + threadIdx.x];
                    __syncthreads();
                    x[blockIdx.x * blockDim.x + threadIdx.x] = shared[blockDim.x - 1 - threadIdx.x];
                }
                """); DeviceMemory memory = memory(values)) {
            shares.kernel("reverse", POINTER).launch(Dim3.of(2), Dim3.of(threads), threads * Float.BYTES)
                    .set(0, memory).launch(stream);
            assertArrayEquals(reversed, floats(memory));
        }
    }

    @Test
    void lanesOfAWarpExchangeValues() {
        float[] values = new float[64];
        float[] expected = new float[64];
        for (int i = 0; i < 64; i++) {
            values[i] = i;
            int first = i / 32 * 32;
            int sum = 32 * first + 31 * 16;
            expected[i] = sum + 1000 * (i == first ? i : i - 1) + 100000 * (i / 8 * 8);
        }
        try (Module exchanges = compile("""
                extern "C" __global__ void exchange(float* x, unsigned int* votes) {
                    float mine = x[threadIdx.x];
                    float sum = mine;
                    for (int lanes = 16; lanes > 0; lanes /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, lanes);
                    float left = __shfl_up_sync(0xffffffffu, mine, 1);
                    float first = __shfl_sync(0xffffffffu, mine, 0, 8);
                    votes[threadIdx.x] = __ballot_sync(0xffffffffu, threadIdx.x % 2);
                    x[threadIdx.x] = sum + 1000 * left + 100000 * first;
                }
                """);
                DeviceMemory memory = memory(values);
                DeviceMemory votes = pool.allocate(64 * Integer.BYTES, stream)) {
            exchanges.kernel("exchange", POINTER, POINTER).launch(Dim3.of(1), Dim3.of(64)).set(0, memory)
                    .set(1, votes).launch(stream);
            assertArrayEquals(expected, floats(memory));
            int[] ballots = new int[64];
            votes.read(MemorySegment.ofArray(ballots), stream);
            assertEquals(0xaaaaaaaa, ballots[63]);
        }
    }

    private Module compile(String source) {
        return Module.load(context, DeviceCode.compile("kernel-test", source, context.device()));
    }
}
