package dev.culebra.experiments.run;

import java.util.List;
import java.util.Optional;

import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.Experiment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What people read. */
class TextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0.4 | 0 s", "59.4 | 59 s", "59.6 | 1:00", "187 | 3:07", "3765 | 1:02:45"})
    void durations(double seconds, String text) {
        assertEquals(text, Durations.of(seconds));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"9.8765 | 9.877", "41.02 | 41.02", "146.11 | 146.1", "852800.4 | 852,800",
        "Infinity | Infinity"})
    void perplexities(double value, String text) {
        assertEquals(text, Numbers.perplexity(value));
    }

    @Test
    void aRunEndsWithItsEpochs() {
        RunSummary run = new RunSummary(List.of(epoch(1, 6.6, 5.9), epoch(2, 5.2, 4.98), epoch(3, 4.9, 5.0)),
                List.of(), Optional.of(Measurement.of(50.6, 10)), Optional.of(new Event.Step(90, 3, 4.9, 1, 1)));
        assertEquals(List.of("epoch   train perplexity   validation perplexity   time",
                "    1              735.1                   365.0   1:55",
                "    2              181.3                   145.5   1:55",
                "    3              134.3                   148.4   1:55",
                "Best validation perplexity 145.5 after epoch 2; test perplexity 157.6 after epoch 3."),
                ResultTables.of(run));
    }

    private static Event.Epoch epoch(int number, double train, double validation) {
        return new Event.Epoch(number, 30L * number, Measurement.of(train, 1), Measurement.of(validation, 1), 115, 0,
                Optional.empty());
    }

    @Test
    void aRunCutShortSaysSo() {
        RunSummary run = new RunSummary(List.of(), List.of(), Optional.empty(),
                Optional.of(new Event.Step(20, 1, 7.25, 1, 1)));
        assertEquals(
                List.of("Loss 7.2500 at step 20. Epoch 1 was cut short, so it is not evaluated: 'evaluate' does that "
                        + "for its checkpoint, --validate-every for a run."),
                ResultTables.of(run));
    }

    @Test
    void aRunCutShortThatWasValidatedSaysWithWhat() {
        RunSummary run = new RunSummary(List.of(),
                List.of(new Event.Validation(1, 20, Measurement.of(7.3, 1), Measurement.of(7, 1), 9)),
                Optional.of(Measurement.of(7.1, 1)), Optional.of(new Event.Step(20, 1, 7.25, 1, 1)));
        assertEquals(
                List.of("Loss 7.2500 at step 20. Epoch 1 was cut short, with a validation perplexity of 1096.6 and a test "
                        + "perplexity 1212.0."),
                ResultTables.of(run));
    }

    @Test
    void theStudyEndsWithOneRowForEachRun() {
        RunSummary done = new RunSummary(List.of(epoch(1, 6, 5)), List.of(), Optional.of(Measurement.of(5.1, 1)),
                Optional.empty());
        RunSummary none = new RunSummary(List.of(), List.of(), Optional.empty(), Optional.empty());
        assertEquals(
                List.of("run     model   layers   optimizer   best validation perplexity   epoch   test perplexity",
                        "exp1    lstm         1   adam                             148.4       1             164.0",
                        "exp12   gpt1         4   adamw                                -       -                 -"),
                ResultTables
                        .of(List.of(new ResultTables.StudyRow("exp1", Configuration.of(Experiment.EXP1), done, true),
                                new ResultTables.StudyRow("exp12", Configuration.of(Experiment.EXP12), none, false))));
    }
}
