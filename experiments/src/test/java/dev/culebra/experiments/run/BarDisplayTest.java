package dev.culebra.experiments.run;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

import dev.culebra.experiments.data.SplitName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertTrue;

class BarDisplayTest {
    /** Asserts that this line is on the terminal before the display is closed, and that no line is wider than it. */
    private static void assertShows(String line, int columns, Consumer<BarDisplay> event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BarDisplay display = new BarDisplay(new PrintStream(bytes, true, StandardCharsets.UTF_8), () -> columns)) {
            event.accept(display);
        }
        // Each refresh goes back to the start of the line and overwrites it.
        List<String> shown = List.of(bytes.toString(StandardCharsets.UTF_8).split("[\r\n]+"));
        assertTrue(shown.contains(line), () -> String.join("\n", shown));
        assertTrue(shown.stream().allMatch(text -> text.length() <= columns), () -> String.join("\n", shown));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "80 | 10.6085 | 99999 | 35999 | [=====>     ] loss 10.6085 ppl 40,477 99,999 tok/s 9:59:59 left",
        "80 | 100.1234 | 2560000 | 359999 | [==> ] loss 100.1234 ppl 3.04e+43 2,560,000 tok/s 99:59:59 left",
        "80 | 5.1234 | 3210 | 83 | [========>        ] loss 5.1234 ppl 167.9 3,210 tok/s 1:23 left",
        "66 | 10.6085 | 99999 | 35999 | loss 10.6085 ppl 40,477 99,999 tok/s 9:59:59 left"})
    void theBarTakesTheColumnsThatTheTextLeaves(int columns, double loss, double tokensPerSecond, double secondsLeft,
            String rest) {
        Progress progress = new Progress(5_484, 5_760, 10, 10, 300, 576, loss, tokensPerSecond, secondsLeft,
                Double.POSITIVE_INFINITY);
        assertShows("epoch 10/10  52% " + rest, columns, display -> display.progress(progress));
    }

    @Test
    void anEvaluationTellsItsBatches() {
        assertShows("validation  25% [" + "=".repeat(12) + ">" + " ".repeat(38) + "] batch 3/12", 80,
                display -> display.evaluating(SplitName.VALIDATION, 3, 12));
    }
}
