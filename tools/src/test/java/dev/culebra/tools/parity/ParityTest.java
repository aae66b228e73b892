package dev.culebra.tools.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Runs those of the Python tests in {@code tools/parity} that need no PyTorch; the others are run by hand, as its README says. */
class ParityTest {
    private static final Pattern COUNT = Pattern.compile("^Ran (\\d+) tests", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    @Test
    void testsThatNeedNoPyTorchPass() throws IOException, InterruptedException {
        if (python("-c", "import numpy") != 0) {
            Requirement.NUMPY.missing("there is no Python with numpy for the tests of tools/parity");
        }
        int code = python("-m", "unittest", "test_step_profile", "test_device_twin.PageTest",
                "test_device_twin.ChoicesTest");
        String output = Files.readString(folder.resolve("output"));
        assertEquals(0, code, output);
        Matcher count = COUNT.matcher(output);
        assertTrue(count.find() && Integer.parseInt(count.group(1)) >= 13, output);
    }

    private int python(String... arguments) throws IOException, InterruptedException {
        Path parity = Requirement.source("parity/device_twin.py").toAbsolutePath().getParent();
        String executable = Stream.iterate(parity, Objects::nonNull, Path::getParent)
                .map(above -> above.resolve(".venv/bin/python3")).filter(Files::isExecutable).findFirst()
                .map(Path::toString).orElse("python3");
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of(executable, "-B"), Stream.of(arguments)).toList());
        Process process = builder.directory(parity.toFile()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return process.exitValue();
    }
}
