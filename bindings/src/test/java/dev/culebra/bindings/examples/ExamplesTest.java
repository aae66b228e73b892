package dev.culebra.bindings.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.testing.MadeLibrary;
import dev.culebra.testing.NvidiaLibraries;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The programs of the page for newcomers. */
class ExamplesTest {
    @ParameterizedTest
    @ValueSource(strings = {"java/dev/culebra/bindings/examples/OwnKernel.java",
        "java/dev/culebra/bindings/examples/Matmul.java", "jni/Matmul.java", "jni/matmul.c"})
    void thePageShowsThemAsTheyAre(String file) throws IOException {
        String code = Files.readString(Requirement.source("src/test/" + file));
        String shown = code.substring(Math.max(0, code.indexOf("import java.lang"))).strip();
        assertTrue(Files.readString(Requirement.source("README.md")).contains(shown), file + " differs from README.md");
    }

    @Test
    void theGlueForJniCompiles(@TempDir Path folder) throws IOException, InterruptedException {
        Path glue = Requirement.source("src/test/jni/matmul.c");
        Path jni = Path.of(System.getProperty("java.home"), "include");
        if (!Files.exists(jni.resolve("jni.h"))) {
            Requirement.HEADERS.missing("there is no jni.h in " + jni);
        }
        MadeLibrary.compile(folder.resolve("libmatmul.so"), Files.readString(glue), "-Wall", "-Werror", "-I" + jni,
                "-I" + jni.resolve("linux"), "-I" + cudaHeaders());
    }

    private static Path cudaHeaders() {
        Path library = NvidiaLibraries.load(NativeLibraries.CUBLAS_LT).path().orElseThrow();
        Path include = library.getParent().getParent().resolve("include");
        if (!Files.exists(include.resolve("cublasLt.h"))) {
            Requirement.HEADERS.missing("the headers of cuBLASLt are not beside " + library);
        }
        return include;
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
        if (!NvidiaLibraries.hasGpu()) {
            Requirement.GPU.missing("there is no GPU of NVIDIA with a driver that works");
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
