package dev.culebra.runtime;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.runtime.driver.CudaGraph;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.ExecutableGraph;
import dev.culebra.runtime.driver.Kernel;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.driver.ParameterType;
import dev.culebra.runtime.driver.PinnedMemory;
import dev.culebra.runtime.nvml.Nvml;
import dev.culebra.runtime.nvml.NvmlDevice;
import dev.culebra.runtime.nvml.ProcessMemory;
import dev.culebra.runtime.nvrtc.CompileOptions;
import dev.culebra.runtime.nvrtc.KernelSource;
import dev.culebra.runtime.nvrtc.Program;
import dev.culebra.testing.NvidiaLibraries;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the stand-in cannot show of the driver, NVRTC and NVML: that a GPU does it. */
class GpuTest extends OnGpu {
    private static final KernelSource SCALE = new KernelSource("scale.cu", """
            extern "C" __global__ void scale(float* y, const float* x, float factor, int n) {
                for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
                    y[i] = factor * x[i];
                }
            }
            """);
    private static final long MEGABYTE = 1 << 20;

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 31, 33, 257, 1_000_003})
    void memoryIsWrittenCopiedAndReadBack(int elements) {
        float[] values = counting(elements);
        DeviceMemory first = memoryOf(values);
        DeviceMemory second = unwritten(first.bytes());
        second.copyFrom(first, stream);
        assertArrayEquals(values, floats(second));
        try (PinnedMemory pinned = PinnedMemory.allocate(context, first.bytes())) {
            second.copyTo(pinned, stream);
            stream.synchronize();
            float[] read = new float[elements];
            MemorySegment.ofArray(read).copyFrom(pinned.segment().asSlice(0, first.bytes()));
            assertArrayEquals(values, read);
            first.clear(stream);
            first.copyFrom(pinned, stream);
            assertArrayEquals(values, floats(first));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 31, 33, 257, 1_000_003})
    void anOwnKernelIsCompiledAndLaunched(int elements) {
        float[] values = counting(elements);
        DeviceMemory x = memoryOf(values);
        DeviceMemory y = unwritten(x.bytes());
        try (Module module = compiled()) {
            launch(module, y, x, 2.5f).launch(stream);
            assertArrayEquals(scaled(values, 2.5f), floats(y));
        }
    }

    @Test
    void aGraphIsReplayedAndUpdated() {
        float[] values = counting(1000);
        DeviceMemory x = memoryOf(values);
        DeviceMemory y = unwritten(x.bytes());
        DeviceMemory z = unwritten(x.bytes());
        try (Module module = compiled()) {
            Launch first = launch(module, y, x, 2);
            Launch second = launch(module, z, y, 3);
            try (CudaGraph graph = stream.capture(() -> {
                first.launch(stream);
                second.launch(stream);
            }); ExecutableGraph executable = graph.instantiate()) {
                assertEquals(2, graph.nodes());
                executable.launch(stream);
                assertArrayEquals(scaled(values, 6), floats(z));
                x.write(MemorySegment.ofArray(scaled(values, -1)), stream);
                executable.launch(stream);
                assertArrayEquals(scaled(values, -6), floats(z), "the second run reads what lies there then");
                Launch other = launch(module, z, y, 5);
                try (CudaGraph changed = stream.capture(() -> {
                    first.launch(stream);
                    other.launch(stream);
                })) {
                    assertTrue(executable.update(changed).updated());
                }
                executable.launch(stream);
                assertArrayEquals(scaled(values, -10), floats(z));
            }
        }
    }

    private Module compiled() {
        NvidiaLibraries.load(NativeLibraries.NVRTC);
        String architecture = context.device().computeCapability().architecture();
        return Module.load(context, Program.compile(SCALE, CompileOptions.of(architecture)).bytes());
    }

    private Launch launch(Module module, DeviceMemory y, DeviceMemory x, float factor) {
        Kernel kernel = module.kernel("scale", ParameterType.POINTER, ParameterType.POINTER, ParameterType.FLOAT,
                ParameterType.INT);
        int elements = Math.toIntExact(x.bytes() / Float.BYTES);
        return kernel.launch(Dim3.of(Math.min(64, Math.ceilDiv(elements, 128))), Dim3.of(128)).set(0, y).set(1, x)
                .set(2, factor).set(3, elements);
    }

    @Test
    void nvmlKnowsTheMemoryOfThisProcess() {
        try (Nvml nvml = Nvml.open()) {
            NvmlDevice device = nvml.deviceByUuid(context.device().uuid());
            assertEquals(context.device().uuid(), device.uuid());
            ProcessMemory before = device.processMemory();
            DeviceMemory memory = unwritten(512 * MEGABYTE);
            stream.synchronize();
            ProcessMemory after = device.processMemory();
            assertTrue(device.memory().used() >= memory.bytes(), "the device's memory holds ours");
            if (after.bytes().isEmpty()) {
                assertTrue(!after.reason().isBlank(), "why it is not known");
                System.out.println("NVML does not tell: " + after.reason());
                Assumptions.abort(after.reason());
            }
            assertTrue(after.bytes().getAsLong() - before.bytes().orElseThrow() >= 512 * MEGABYTE,
                    before + ", then " + after);
        } catch (MissingLibraryException missing) {
            Requirement.GPU.missing(missing.getMessage());
        }
    }

    private DeviceMemory memoryOf(float[] values) {
        DeviceMemory memory = unwritten((long) values.length * Float.BYTES);
        memory.write(MemorySegment.ofArray(values), stream);
        return memory;
    }

    /** 1, 2, 3 and so on. */
    private static float[] counting(int elements) {
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = i + 1;
        }
        return values;
    }

    private static float[] scaled(float[] values, float factor) {
        float[] scaled = Arrays.copyOf(values, values.length);
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factor;
        }
        return scaled;
    }
}
