package dev.culebra.experiments.cli;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.culebra.experiments.study.Experiment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HelpTest {
    private static final Console CONSOLE = new Console(System.out, System.err, false, () -> false);

    /** Every option that every run has to have. */
    static Stream<String> runOptions() {
        return Stream.of("data", "embeddings", "device", "precision", "epochs", "max-steps", "batch-size",
                "sequence-length", "layers", "hidden-size", "heads", "optimizer", "lr", "weight-decay", "momentum",
                "schedule", "warmup-steps", "clip-norm", "dropout", "betas", "eps", "break-mode", "vocabulary-size",
                "gelu",
                "seed", "learn-embeddings", "init-from", "no-shuffle", "log-every", "run-dir", "resume", "json",
                "stacktrace");
    }

    /** All commands there are, by the words that call them. */
    private static Stream<Arguments> commands() {
        return within("", Commands.create(CONSOLE, List.of()));
    }

    private static Stream<Arguments> within(String words, CommandLine command) {
        return Stream.concat(Stream.of(Arguments.of(words, command)), command.getSubcommands().entrySet().stream()
                .flatMap(inner -> within((words + " " + inner.getKey()).strip(), inner.getValue())));
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource("commands")
    void everyHelpHasExamplesThatAreCommandLines(String words, CommandLine command) {
        String footer = String.join("\n", command.getCommandSpec().usageMessage().footer());
        assertTrue(footer.matches("(?s)(.*\n)?Examples:\n.*"), footer);
        List<String> examples = footer.substring(footer.indexOf("Examples:")).replaceAll("\\\\\n", "").lines()
                .filter(line -> line.startsWith("  java -jar experiments.jar "))
                .map(line -> line.replaceFirst("  java -jar experiments.jar ", "").replaceFirst(" +[#>].*", ""))
                .toList();
        assertFalse(examples.isEmpty(), footer);
        assertTrue(examples.stream().anyMatch(example -> example.startsWith(words)), footer);
        CommandLine program = Commands.create(CONSOLE, List.of());
        for (String example : examples) {
            assertDoesNotThrow(() -> program.parseArgs(words(example)), example);
            assertTrue(program.getParseResult().hasSubcommand(), example);
        }
    }

    /** As a shell parts them: what stands in double quotes is one word. */
    private static String[] words(String line) {
        return Pattern.compile("\"([^\"]*)\"|\\S+").matcher(line).results()
                .map(word -> word.group(1) == null ? word.group() : word.group(1)).toArray(String[]::new);
    }

    /** The completion script calls the values of an option by its label. */
    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource("commands")
    void optionsWithValuesToCompleteHaveLabelsOfTheirOwn(String words, CommandLine command) {
        List<String> labels = command.getCommandSpec().options().stream()
                .filter(option -> option.completionCandidates() != null).map(option -> option.paramLabel()).toList();
        assertEquals(labels.stream().distinct().toList(), labels);
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
    @ValueSource(strings = {"", "exp1", "all", "train", "evaluate", "generate", "report", "data", "data prepare",
        "data embeddings",
        "doctor", "completion"})
    void helpFitsEightyColumns(String command) {
        String help = Program.run((command + " --help").strip()).assertDone().out();
        assertEquals(List.of(), help.lines().filter(line -> line.length() > 80).toList());
    }
}
