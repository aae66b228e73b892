package dev.culebra.experiments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.culebra.testing.Requirement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Runs Python, that of the nearest folder {@code .venv}, here or further up, else the system's. */
public final class Python {
    private static final int NO_MODULE = 42;

    private Python() {}

    /**
     * What a script prints.
     *
     * @param module what it needs
     * @param requirement missing where Python or that module is
     */
    public static String output(String module, Requirement requirement, String script, Object... arguments)
            throws IOException, InterruptedException {
        String guarded = "import sys\ntry:\n    import " + module + "\nexcept ImportError:\n    sys.exit(" + NO_MODULE
                + ")\n" + script;
        List<String> command = new ArrayList<>(List.of(executable(), "-c", guarded));
        Stream.of(arguments).map(String::valueOf).forEach(command::add);
        Path output = Files.createTempFile("python", ".txt");
        try {
            Process python;
            try {
                python = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            } catch (IOException e) {
                requirement.missing(executable() + " does not start");
                throw e;
            }
            assertTrue(python.waitFor(120, TimeUnit.SECONDS));
            if (python.exitValue() == NO_MODULE) {
                requirement.missing(executable() + " has no " + module);
            }
            String text = Files.readString(output, StandardCharsets.UTF_8).strip();
            assertEquals(0, python.exitValue(), text);
            return text;
        } finally {
            Files.delete(output);
        }
    }

    private static String executable() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                .map(above -> above.resolve(".venv/bin/python3")).filter(Files::isExecutable).findFirst()
                .map(Path::toString).orElse("python3");
    }
}
