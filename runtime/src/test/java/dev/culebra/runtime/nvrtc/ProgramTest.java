package dev.culebra.runtime.nvrtc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProgramTest {
    /** The number of NVIDIA's machine code among those of ELF. */
    private static final short EM_CUDA = 190;

    private static final KernelSource REVERSE = new KernelSource("reverse.cu", """
            template <typename T, int N> __global__ void reverse(T* values) {
                __shared__ T copy[N];
                copy[threadIdx.x] = values[threadIdx.x];
                __syncthreads();
                values[threadIdx.x] = copy[N - 1 - threadIdx.x];
            }
            """);

    @BeforeAll
    static void requireNvrtc() {
        RequiredNvrtc.check();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sm_80", "sm_90a", "sm_100"})
    void compilesMachineCodeOfAnyArchitecture(String architecture) {
        CompiledImage image = Program.compile(REVERSE,
                CompileOptions.of(architecture).naming("reverse<float, 64>", "reverse<double, 32>")
                        .withResourceUsage());
        ByteBuffer elf = ByteBuffer.wrap(image.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0x464c457f, elf.getInt(0), "the magic number of ELF");
        assertEquals(EM_CUDA, elf.getShort(18));
        assertEquals(ImageKind.CUBIN, image.kind());
        assertEquals(architecture, image.architecture());
        assertEquals("_Z7reverseIfLi64EEvPT_", image.loweredName("reverse<float, 64>"));
        assertEquals("_Z7reverseIdLi32EEvPT_", image.loweredName("reverse<double, 32>"));
        Map<String, ResourceUsage> usage = image.resourceUsage().stream()
                .collect(Collectors.toMap(ResourceUsage::kernel, kernel -> kernel));
        assertEquals(2, usage.size(), image.log());
        for (ResourceUsage kernel : usage.values()) {
            assertEquals(architecture, kernel.architecture());
            assertEquals(256, kernel.sharedBytes());
            assertTrue(kernel.registers() > 0 && kernel.registers() < 256, kernel.toString());
        }
    }

    @Test
    void architecturesWithTheirOwnFeaturesCompileWhatOthersRefuse() {
        KernelSource wgmma = new KernelSource("fence.cu",
                "extern \"C\" __global__ void fence() { asm volatile(\"wgmma.fence.sync.aligned;\"); }");
        assertDoesNotThrow(() -> Program.compile(wgmma, CompileOptions.of("sm_90a")));
        NvrtcException refused = assertThrows(NvrtcException.class,
                () -> Program.compile(wgmma, CompileOptions.of("sm_90")));
        assertTrue(refused.log().contains("wgmma"), refused.getMessage());
    }

    @Test
    void ptxIsTextWithNulForTheDriver() {
        CompiledImage image = Program.compile(REVERSE,
                CompileOptions.of("sm_90a").as(ImageKind.PTX).naming("reverse<float, 64>"));
        byte[] bytes = image.bytes();
        assertEquals(0, bytes[bytes.length - 1]);
        String ptx = new String(bytes, StandardCharsets.US_ASCII);
        assertTrue(ptx.contains(".target sm_90a"), ptx);
        assertTrue(ptx.contains(".entry " + image.loweredName("reverse<float, 64>") + "("), ptx);
        assertEquals(List.of(), image.resourceUsage());
    }

    @Test
    void bytesAreACopy() {
        CompiledImage image = Program.compile(new KernelSource("a.cu", ""), CompileOptions.of("sm_80"));
        byte[] bytes = image.bytes();
        image.bytes()[0] = 99;
        assertArrayEquals(bytes, image.bytes());
    }

    @Test
    void headersAreIncludedByName() {
        Map<String, String> headers = Map.of("constants.cuh", "#include \"deeper/seven.cuh\"\n", "deeper/seven.cuh",
                "constexpr int SEVEN = 7;\n");
        KernelSource source = new KernelSource("main.cu", """
                #include "constants.cuh"
                extern "C" __global__ void store(int* out) { *out = SEVEN * FACTOR; }
                """, headers);
        String ptx = new String(Program.compile(source, CompileOptions.of("sm_80").as(ImageKind.PTX).with("-DFACTOR=6"))
                .bytes(), StandardCharsets.US_ASCII);
        assertTrue(ptx.contains(" 42;"), ptx);
    }

    @Test
    void warningsAreInTheLog() {
        CompiledImage image = Program.compile(
                new KernelSource("unused.cu", "extern \"C\" __global__ void empty() {\n    int forgotten;\n}\n"),
                CompileOptions.of("sm_80"));
        assertTrue(image.log().contains("unused.cu(2): warning") && image.log().contains("forgotten"), image.log());
        assertFalse(image.log().contains("\0"));
    }

    @Test
    void brokenSourceTellsTheWholeLogAndTheOptions() {
        String statements = IntStream.range(0, 80).mapToObj(i -> "missing" + i + " = " + i + ";\n")
                .collect(Collectors.joining());
        KernelSource source = new KernelSource("broken.cu",
                "extern \"C\" __global__ void broken() {\n" + statements + "}\n");
        CompileOptions options = CompileOptions.of("sm_90a").with("--use_fast_math", "-DDEBUG=1");
        NvrtcException failure = assertThrows(NvrtcException.class, () -> Program.compile(source, options));
        assertEquals("nvrtcCompileProgram", failure.function());
        assertEquals(6, failure.status());
        assertEquals("NVRTC_ERROR_COMPILATION", failure.name());
        assertEquals(List.of("--gpu-architecture=sm_90a", "--use_fast_math", "-DDEBUG=1"), failure.options());
        for (int i = 0; i < 80; i++) {
            assertTrue(failure.log().contains("broken.cu(" + (i + 2) + "): error: identifier \"missing" + i + "\""),
                    failure.log());
        }
        assertEquals("NVRTC_ERROR_COMPILATION (6) from nvrtcCompileProgram of broken.cu with"
                + " --gpu-architecture=sm_90a --use_fast_math -DDEBUG=1:\n" + failure.log(), failure.getMessage());
    }

    @Test
    void unknownOptionIsNamed() {
        NvrtcException failure = assertThrows(NvrtcException.class,
                () -> Program.compile(REVERSE, CompileOptions.of("sm_80").with("--no-such-option")));
        assertEquals("NVRTC_ERROR_INVALID_OPTION", failure.name());
        assertTrue(failure.log().contains("--no-such-option"), failure.getMessage());
    }

    @Test
    void architectureThatTheCompilerLacksIsRefusedByIt() {
        NvrtcException failure = assertThrows(NvrtcException.class,
                () -> Program.compile(REVERSE, CompileOptions.of("sm_42")));
        assertEquals("NVRTC_ERROR_INVALID_OPTION", failure.name());
        assertTrue(failure.options().contains("--gpu-architecture=sm_42"), failure.getMessage());
    }

    @Test
    void nameExpressionWithoutMeaningTellsTheLog() {
        NvrtcException failure = assertThrows(NvrtcException.class,
                () -> Program.compile(REVERSE, CompileOptions.of("sm_80").naming("reverse<missing, 3>")));
        assertTrue(failure.log().contains("missing"), failure.getMessage());
    }

    @Test
    void namesThatWereNotAskedForAreRefused() {
        CompiledImage image = Program.compile(REVERSE, CompileOptions.of("sm_80").naming("reverse<int, 8>"));
        String message = assertThrows(IllegalArgumentException.class, () -> image.loweredName("reverse<int, 9>"))
                .getMessage();
        assertEquals("compiled without the name expression reverse<int, 9>, but with: reverse<int, 8>", message);
    }

    @Test
    void spillsAreCounted() {
        String loads = IntStream.range(0, 64).mapToObj(i -> "float v" + i + " = in[" + i + " * threadIdx.x];\n")
                .collect(Collectors.joining());
        String stores = IntStream.range(0, 64).mapToObj(i -> "out[" + i + "] = v" + i + ";\n")
                .collect(Collectors.joining());
        KernelSource source = new KernelSource("spill.cu",
                "extern \"C\" __global__ void spill(float* out, float* in) {\n"
                        + loads + "__syncthreads();\n" + stores + "}\n");
        ResourceUsage free = usage(source, CompileOptions.of("sm_90a"));
        ResourceUsage tight = usage(source, CompileOptions.of("sm_90a").with("--maxrregcount=24"));
        assertEquals(0, free.spillStoreBytes());
        assertEquals(0, free.spillLoadBytes());
        assertTrue(tight.registers() <= 24, tight.toString());
        assertTrue(tight.spillStoreBytes() > 0 && tight.spillLoadBytes() > 0 && tight.stackBytes() > 0,
                tight.toString());
        assertNotEquals(free.registers(), tight.registers());
    }

    private static ResourceUsage usage(KernelSource source, CompileOptions options) {
        List<ResourceUsage> usage = Program.compile(source, options.withResourceUsage()).resourceUsage();
        assertEquals(1, usage.size());
        return usage.getFirst();
    }

    @Test
    void sourcesWithoutErrorsMayComeAfterOneWith() {
        try (Program broken = new Program(new KernelSource("broken.cu", "nonsense"))) {
            assertThrows(NvrtcException.class, () -> broken.compile(CompileOptions.of("sm_80")));
        }
        assertDoesNotThrow(() -> Program.compile(REVERSE, CompileOptions.of("sm_80")));
    }

    @Test
    void closedProgramsRefuse() {
        Program program = new Program(REVERSE);
        program.close();
        program.close();
        String message = assertThrows(IllegalStateException.class, () -> program.compile(CompileOptions.of("sm_80")))
                .getMessage();
        assertTrue(message.contains("Program is closed"), message);
    }
}
