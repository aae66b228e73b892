package dev.culebra.bindings.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.cuda.cuda;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The programs of the page for newcomers. */
class ExamplesTest {
    private static final Path MODULE = Path.of(System.getProperty("basedir", "."));

    @ParameterizedTest
    @ValueSource(strings = {"java/dev/culebra/bindings/examples/OwnKernel.java",
        "java/dev/culebra/bindings/examples/Matmul.java", "jni/Matmul.java", "jni/matmul.c"})
    void thePageShowsThemAsTheyAre(String file) throws IOException {
        Path source = MODULE.resolve("src/test").resolve(file);
        if (!Files.exists(source)) {
            Requirement.SOURCES.missing("the tests run without the project's sources");
        }
        String code = Files.readString(source);
        String shown = code.substring(Math.max(0, code.indexOf("import java.lang"))).strip();
        assertTrue(Files.readString(MODULE.resolve("README.md")).contains(shown), file + " differs from README.md");
    }

    @Test
    void theGlueForJniCompiles(@TempDir Path folder) throws IOException, InterruptedException {
        Path glue = MODULE.resolve("src/test/jni/matmul.c");
        Path jni = Path.of(System.getProperty("java.home"), "include");
        if (!Files.exists(glue) || !Files.exists(jni.resolve("jni.h"))) {
            Requirement.SOURCES.missing("there is no " + glue + " or no jni.h in " + jni);
        }
        Process gcc = new ProcessBuilder("gcc", "-Wall", "-Werror", "-shared", "-fPIC", "-I" + jni,
                "-I" + jni.resolve("linux"), "-I" + cudaHeaders(), glue.toString(), "-o",
                folder.resolve("libmatmul.so").toString()).redirectErrorStream(true).start();
        String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, gcc.waitFor(), output);
    }

    private static Path cudaHeaders() throws IOException {
        Optional<Path> found = Optional.empty();
        try (Stream<Path> versions = Files.list(MODULE.resolve("../.venv/lib"))) {
            found = versions.map(python -> python.resolve("site-packages/nvidia/cu13/include"))
                    .filter(folder -> Files.exists(folder.resolve("cublasLt.h"))).findFirst();
        } catch (NoSuchFileException noEnvironment) {
            // Told below.
        }
        if (found.isEmpty()) {
            Requirement.NVIDIA_LIBRARIES.missing("no cublasLt.h in .venv");
        }
        return found.orElseThrow();
    }

    @Test
    void anOwnKernelRuns() {
        requireGpu();
        assertEquals(List.of("y[999] = 1999.0"), printed(() -> OwnKernel.main(new String[0])));
    }

    @Test
    void aProductIsComputed() {
        requireGpu();
        assertEquals(List.of("C[0] = 2.0"), printed(() -> Matmul.main(new String[0])));
    }

    private static void requireGpu() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            if (cuda.cuInit(0) != cuda.CUDA_SUCCESS || cuda.cuDeviceGetCount(count) != cuda.CUDA_SUCCESS
                    || count.get(ValueLayout.JAVA_INT, 0) == 0) {
                Requirement.GPU.missing("the CUDA driver finds no GPU");
            }
        } catch (MissingLibraryException missing) {
            Requirement.GPU.missing(missing.getMessage());
        }
    }

    private static List<String> printed(Runnable program) {
        PrintStream original = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(original);
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
