package dev.culebra.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Runs a class of the tests in a virtual machine of its own, since a process loads a library once and for all. */
public final class AnotherJvm {
    private AnotherJvm() {}

    /**
     * A process not yet started, with the class path of this one.
     *
     * @param main the class whose {@code main} runs
     * @param options options of the virtual machine; arguments of the class are added to the command
     */
    public static ProcessBuilder of(Class<?> main, String... options) {
        String classPath = String.join(File.pathSeparator, System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path"), "target/test-classes");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath, main.getName()));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    /** Runs a process to its end, which must be a good one, and returns what it printed. */
    public static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.replace(System.lineSeparator(), "\n");
    }
}
