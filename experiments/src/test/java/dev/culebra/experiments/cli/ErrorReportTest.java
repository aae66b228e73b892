package dev.culebra.experiments.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

import dev.culebra.experiments.failure.InterruptedRunException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What is told of a command that was stopped: the command that goes on. */
class ErrorReportTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exp3 --epochs 2           | exp3 --epochs 2 --resume
            exp3 --resume             | exp3 --resume
            train --model lstm        | train --model lstm --resume
            all --only 1,2            | all --only 1,2
            data prepare --out wiki   | data prepare --out wiki
            data embeddings --epochs 2 | data embeddings --epochs 2 --resume
            """)
    void aStoppedCommandIsToldHowToGoOn(String words, String continued) {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        new ErrorReport(new PrintStream(told, true, UTF_8), List.of(words.split(" ")))
                .failure(new InterruptedRunException("Stopped; the state is in runs/a"));
        assertEquals(
                "Stopped; the state is in runs/a. Continue with: java -jar experiments.jar " + continued,
                told.toString(UTF_8).strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"evaluate --checkpoint x", "generate --checkpoint x --prompt y"})
    void whatCannotGoOnBeginsAnew(String words) {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        new ErrorReport(new PrintStream(told, true, UTF_8), List.of(words.split(" ")))
                .failure(new InterruptedRunException("Stopped"));
        assertEquals("Stopped. Begin anew with: java -jar experiments.jar " + words, told.toString(UTF_8).strip());
    }
}
