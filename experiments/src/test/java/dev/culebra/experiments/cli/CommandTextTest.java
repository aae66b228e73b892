package dev.culebra.experiments.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A command that is told works in the shell that the program was started from. */
class CommandTextTest {
    private static final Path HOME = Path.of("/home/me");

    private static String of(String jar, String... arguments) {
        return CommandText.of(Optional.of(Path.of(jar)), HOME, List.of(arguments));
    }

    @Test
    void namesTheJarThatRuns() {
        assertEquals("java -jar target/experiments.jar all --only 1,2",
                of("/home/me/target/experiments.jar", "all", "--only", "1,2"));
        assertEquals("java -jar /opt/experiments.jar doctor", of("/opt/experiments.jar", "doctor"));
        assertEquals("java -jar '/home/my things/e.jar' doctor", of("/home/my things/e.jar", "doctor"));
        assertEquals("java -jar experiments.jar doctor", CommandText.of(Optional.empty(), HOME, List.of("doctor")));
    }

    @Test
    void quotesWhatAShellWouldChange() {
        assertEquals("java -jar e.jar --run-dir 'a b'\\''c' '' '$x' 'ü'",
                of("/home/me/e.jar", "--run-dir", "a b'c", "", "$x", "ü"));
    }
}
