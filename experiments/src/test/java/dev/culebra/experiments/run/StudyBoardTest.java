package dev.culebra.experiments.run;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.culebra.experiments.data.SplitName;
import dev.culebra.runtime.Precision;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a terminal shows while several runs go on. */
class StudyBoardTest {
    private static final Event.Start START = new Event.Start("exp", 0, 600, 60, 1, "cuda:0", Precision.FP32, "text",
            "", Optional.empty());

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private StudyBoard board(int columns) {
        return new StudyBoard(new PrintStream(bytes, true, StandardCharsets.UTF_8), List.of("exp1", "exp10", "exp2"),
                () -> columns);
    }

    /** The lines that a terminal shows after all that was printed, which has to be lines, and cursor up with all below erased. */
    private List<String> screen() {
        List<String> lines = new ArrayList<>();
        for (String piece : bytes.toString(StandardCharsets.UTF_8).split("(?=\u001b\\[\\d+A\r\u001b\\[J)|(?<=\n)")) {
            String text = piece;
            if (text.startsWith("\u001b")) {
                int up = Integer.parseInt(text.substring(2, text.indexOf('A')));
                lines.subList(lines.size() - up, lines.size()).clear();
                text = text.substring(text.indexOf('J') + 1);
            }
            if (!text.isEmpty()) {
                assertTrue(text.endsWith(System.lineSeparator()) && text.indexOf('\u001b') < 0, text);
                lines.add(text.stripTrailing());
            }
        }
        return lines;
    }

    private static Progress progress(long step, double best) {
        return new Progress(step, 600, (int) (step / 60) + 1, 10, (int) step % 60, 60, 5, 1000, 187, best);
    }

    private static Event epoch(double loss) {
        return new Event.Epoch(1, 60, Measurement.of(6, 1), Measurement.of(loss, 1), 1, 0, Optional.empty());
    }

    @Test
    void eachRunThatGoesOnHasALine() {
        StudyBoard board = board(80);
        RunListener first = board.of("exp1");
        RunListener tenth = board.of("exp10");
        first.note("Device: a GPU");
        first.event(START);
        tenth.note("Device: a GPU");
        tenth.event(START);
        first.progress(progress(246, Double.POSITIVE_INFINITY));
        first.event(epoch(5));
        tenth.progress(progress(60, 146.12));
        tenth.evaluating(SplitName.VALIDATION, 3, 40);
        board.note("something of all");
        assertEquals(List.of("Device: a GPU", "something of all",
                "exp1   41% [========>            ] epoch 5/10 step 246/600 best 148.4 3:07 left",
                "exp10  10% [>       ] epoch 2/10 evaluates validation 3/40 best 146.1 3:07 left",
                "0 of 3 runs ended, 2 going on"), screen());
        first.note("done.");
        first.close();
        assertEquals(List.of("Device: a GPU", "something of all", "exp1 | done.",
                "exp10  10% [>       ] epoch 2/10 evaluates validation 3/40 best 146.1 3:07 left",
                "1 of 3 runs ended, 1 going on"), screen());
        tenth.close();
        board.close();
        assertEquals(List.of("Device: a GPU", "something of all", "exp1 | done."), screen());
    }

    @Test
    void noLineWraps() {
        StudyBoard board = board(30);
        RunListener run = board.of("exp1");
        run.event(START);
        run.progress(progress(246, 146.1));
        board.note("-");
        assertEquals(List.of("-", "exp1   41% epoch 5/10 step 24", "0 of 3 runs ended, 1 going on"), screen());
    }

    @Test
    void numbersAreTheSameInEveryLanguage() {
        Locale own = Locale.getDefault();
        Locale.setDefault(Locale.of("ar", "EG"));
        try {
            noLineWraps();
        } finally {
            Locale.setDefault(own);
        }
    }

    @Test
    void aRunThatWasFinishedBeforeOrFailsAtOnceHasNone() {
        StudyBoard board = board(80);
        RunListener run = board.of("exp1");
        run.note("The run in runs/exp1 is finished: there is nothing to continue.");
        run.close();
        board.note("exp2 failed: no data");
        RunListener next = board.of("exp2");
        next.event(START);
        assertEquals(List.of("The run in runs/exp1 is finished: there is nothing to continue.", "exp2 failed: no data",
                "exp2   begins", "1 of 3 runs ended, 1 going on"), screen());
    }
}
