package dev.culebra.bindings.nvrtc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Calls NVRTC itself: it compiles for any GPU without having one. */
class NvrtcTest {
    private static final String KERNEL = """
            template <typename T> __global__ void scale(T *values, T factor, int count) {
                int i = blockIdx.x * blockDim.x + threadIdx.x;
                if (i < count) values[i] *= factor;
            }
            """;
    private static final int ELF_MACHINE_CUDA = 190;

    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.NVRTC);
    }

    @Test
    void versionIsThatOfTheHeaders() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment major = arena.allocate(Native.C_INT);
            MemorySegment minor = arena.allocate(Native.C_INT);
            assertEquals(nvrtc.NVRTC_SUCCESS, nvrtc.nvrtcVersion(major, minor));
            assertEquals(13, major.get(Native.C_INT, 0));
            assertTrue(minor.get(Native.C_INT, 0) >= 0);
        }
    }

    @Test
    void statusHasAName() {
        assertEquals("NVRTC_ERROR_COMPILATION",
                nvrtc.nvrtcGetErrorString(nvrtc.NVRTC_ERROR_COMPILATION).getString(0));
    }

    @Test
    void listsTheArchitecturesItCompilesFor() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(Native.C_INT);
            assertEquals(nvrtc.NVRTC_SUCCESS, nvrtc.nvrtcGetNumSupportedArchs(count));
            MemorySegment architectures = arena.allocate(Native.C_INT, count.get(Native.C_INT, 0));
            assertEquals(nvrtc.NVRTC_SUCCESS, nvrtc.nvrtcGetSupportedArchs(architectures));
            assertTrue(IntStream.of(architectures.toArray(Native.C_INT)).boxed().toList()
                    .containsAll(Arrays.asList(80, 90, 100)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "90a", "100"})
    void compilesForGpusThatAreNotHere(String architecture) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = program(KERNEL, arena);
            MemorySegment instance = arena.allocateFrom("scale<float>");
            assertEquals(nvrtc.NVRTC_SUCCESS, nvrtc.nvrtcAddNameExpression(program, instance));
            assertEquals(nvrtc.NVRTC_SUCCESS, compile(program, arena, "--gpu-architecture=sm_" + architecture));

            byte[] cubin = result(program, arena, nvrtc::nvrtcGetCUBINSize, nvrtc::nvrtcGetCUBIN);
            assertArrayEquals(new byte[] {0x7f, 'E', 'L', 'F'}, Arrays.copyOf(cubin, 4));
            assertEquals(ELF_MACHINE_CUDA, cubin[18] & 0xff);
            String ptx = text(result(program, arena, nvrtc::nvrtcGetPTXSize, nvrtc::nvrtcGetPTX));
            assertTrue(ptx.contains(".target sm_" + architecture), ptx);

            MemorySegment name = arena.allocate(Native.C_POINTER);
            assertEquals(nvrtc.NVRTC_SUCCESS, nvrtc.nvrtcGetLoweredName(program, instance, name));
            String lowered = name.get(Native.C_POINTER, 0).getString(0);
            assertEquals("_Z5scaleIfEvPT_S0_i", lowered);
            assertTrue(ptx.contains(".entry " + lowered), ptx);
            destroy(program, arena);
        }
    }

    @Test
    void brokenKernelIsExplainedInTheLog() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = program("__global__ void broken() { undefined_name = 1; }", arena);
            assertEquals(nvrtc.NVRTC_ERROR_COMPILATION, compile(program, arena, "--gpu-architecture=sm_80"));
            String log = text(result(program, arena, nvrtc::nvrtcGetProgramLogSize, nvrtc::nvrtcGetProgramLog));
            assertTrue(log.contains("kernel.cu(1): error: identifier \"undefined_name\" is undefined"), log);
            destroy(program, arena);
        }
    }

    @Test
    void unknownOptionIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = program(KERNEL, arena);
            assertEquals(nvrtc.NVRTC_ERROR_INVALID_OPTION, compile(program, arena, "--no-such-option"));
            destroy(program, arena);
        }
    }

    private interface SizeGetter {
        int status(MemorySegment program, MemorySegment size);
    }

    private interface Getter {
        int status(MemorySegment program, MemorySegment bytes);
    }

    private static MemorySegment program(String source, Arena arena) {
        MemorySegment out = arena.allocate(Native.C_POINTER);
        assertEquals(nvrtc.NVRTC_SUCCESS, nvrtc.nvrtcCreateProgram(out, arena.allocateFrom(source),
                arena.allocateFrom("kernel.cu"), 0, MemorySegment.NULL, MemorySegment.NULL));
        return out.get(Native.C_POINTER, 0);
    }

    private static int compile(MemorySegment program, Arena arena, String option) {
        MemorySegment options = arena.allocateFrom(Native.C_POINTER, arena.allocateFrom(option));
        return nvrtc.nvrtcCompileProgram(program, 1, options);
    }

    private static byte[] result(MemorySegment program, Arena arena, SizeGetter size, Getter getter) {
        MemorySegment bytes = arena.allocate(Native.C_LONG_LONG);
        assertEquals(nvrtc.NVRTC_SUCCESS, size.status(program, bytes));
        MemorySegment buffer = arena.allocate(bytes.get(Native.C_LONG_LONG, 0));
        assertEquals(nvrtc.NVRTC_SUCCESS, getter.status(program, buffer));
        return buffer.toArray(ValueLayout.JAVA_BYTE);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void destroy(MemorySegment program, Arena arena) {
        MemorySegment pointer = arena.allocateFrom(Native.C_POINTER, program);
        assertEquals(nvrtc.NVRTC_SUCCESS, nvrtc.nvrtcDestroyProgram(pointer));
        assertEquals(MemorySegment.NULL, pointer.get(Native.C_POINTER, 0));
    }
}
