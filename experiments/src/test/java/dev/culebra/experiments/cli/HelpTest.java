package dev.culebra.experiments.cli;

import java.util.List;
import java.util.stream.Stream;

import dev.culebra.experiments.study.Experiment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HelpTest {
    /** Every option that every run has to have. */
    static Stream<String> runOptions() {
        return Stream.of("data", "embeddings", "device", "precision", "epochs", "max-steps", "batch-size",
                "sequence-length", "layers", "hidden-size", "heads", "optimizer", "lr", "weight-decay", "momentum",
                "schedule", "warmup-steps", "clip-norm", "dropout", "betas", "eps", "break-mode", "vocabulary-size",
                "gelu",
                "seed", "learn-embeddings", "init-from", "no-shuffle", "log-every", "run-dir", "resume", "json",
                "stacktrace");
    }

    @ParameterizedTest
    @EnumSource(Experiment.class)
    void theHelpNamesEveryExperiment(Experiment experiment) {
        String help = Program.run("--help").assertDone().out();
        assertEquals(1, help.lines().filter(line -> line.matches("  " + experiment + " .*" + experiment.optimizer()
                + "\\.")).count(), help);
    }

    @ParameterizedTest
    @MethodSource("runOptions")
    void everyRunHasEveryOption(String option) {
        for (String command : List.of("exp1", "exp12", "train", "all")) {
            String help = Program.run(command + " --help").assertDone().out();
            assertTrue(help.contains(" --" + option), command);
        }
    }

    @ParameterizedTest
    @CsvSource({"exp3, sgd, 1", "exp10, adamw, 4", "exp5, adam, 1"})
    void eachRunShowsItsOwnDefaults(String run, String optimizer, int layers) {
        String help = Program.run(run + " --help").assertDone().out();
        assertEquals(String.valueOf(layers), defaultOf("--layers", help));
        assertEquals(optimizer, defaultOf("--optimizer", help));
        assertEquals("0.001", defaultOf("--lr", help));
        assertEquals("1e-8", defaultOf("--eps", help));
        assertEquals("0.9,0.999", defaultOf("--betas", help));
        assertEquals("16", defaultOf("--batch-size", help));
        assertEquals("10", defaultOf("--epochs", help));
        assertEquals("42", defaultOf("--seed", help));
    }

    private static String defaultOf(String option, String help) {
        return help.substring(help.indexOf(" " + option)).lines().filter(line -> line.contains("Default: ")).findFirst()
                .orElseThrow().replaceFirst(".*Default: ", "");
    }

    @Test
    void theStudyLeavesEachRunItsOwn() {
        String help = Program.run("all --help").assertDone().out();
        String optimizer = help.substring(help.indexOf(" --optimizer"), help.indexOf(" --lr"));
        assertTrue(!optimizer.contains("Default"), optimizer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "exp1", "all", "train", "evaluate", "report", "data", "data prepare", "data embeddings",
        "doctor"})
    void helpFitsEightyColumns(String command) {
        String help = Program.run((command + " --help").strip()).assertDone().out();
        assertEquals(List.of(), help.lines().filter(line -> line.length() > 80).toList());
    }
}
