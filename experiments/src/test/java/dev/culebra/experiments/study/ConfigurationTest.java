package dev.culebra.experiments.study;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.culebra.experiments.files.Json;
import dev.culebra.runtime.operation.OptimizerSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ConfigurationTest {
    @ParameterizedTest
    @CsvSource({"1, lstm, 1, adam", "2, lstm, 1, adamw", "3, lstm, 1, sgd", "4, lstm, 1, momentum", "5, gpt1, 1, adam",
        "6, gpt1, 1, adamw", "7, gpt1, 1, sgd", "8, gpt1, 1, momentum", "9, lstm, 2, adamw", "10, lstm, 4, adamw",
        "11, gpt1, 2, adamw", "12, gpt1, 4, adamw"})
    void theTwelveRunsAreTheStudys(int number, String model, int layers, String optimizer) {
        Configuration run = Configuration.of(Experiment.of(number).orElseThrow());
        assertEquals("exp" + number, run.name());
        assertEquals(model, run.model().kind().toString());
        assertEquals(OptionalInt.of(layers), run.model().layers());
        assertEquals(optimizer, run.optimization().optimizer().toString());
        assertEquals(optimizer.equals("adam") ? 0 : 5e-4, run.optimization().weightDecay());
        assertEquals(1e-3, run.optimization().learningRate());
        assertEquals(16, run.data().batchSize());
        assertEquals(256, run.data().sequenceLength());
        assertEquals(10, run.run().epochs());
        assertEquals(42, run.run().seed());
    }

    @Test
    void theOptimisersAreTheStudys() {
        assertEquals(new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0), spec(Experiment.EXP1));
        assertEquals(new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, 5e-4), spec(Experiment.EXP2));
        assertEquals(new OptimizerSpec.Sgd(5e-4), spec(Experiment.EXP3));
        assertEquals(new OptimizerSpec.Momentum(0.9, 5e-4), spec(Experiment.EXP4));
    }

    private static OptimizerSpec spec(Experiment experiment) {
        return Configuration.of(experiment).optimization().optimizerSpec();
    }

    @ParameterizedTest
    @EnumSource(Experiment.class)
    void jsonReadsBackAsTheSame(Experiment experiment) throws JsonProcessingException {
        Configuration configuration = Configuration.of(experiment);
        String text = Json.mapper().writeValueAsString(configuration);
        assertEquals(configuration, Json.mapper().readValue(text, Configuration.class));
        assertEquals(List.of(), configuration.differences(Json.mapper().readTree(text)));
    }

    @Test
    void differencesAreNamedAsOptions() {
        Configuration before = Configuration.of(Experiment.EXP1);
        assertEquals(
                List.of("layers (was 1, now 2)", "optimizer (was adam, now adamw)",
                        "weight-decay (was 0.0, now 5.0E-4)"),
                Configuration.of(Experiment.EXP9).differences(before.toJson()));
    }

    @Test
    void lengthIsNoDifferenceUnderAConstantRate() {
        Configuration before = Configuration.of(Experiment.EXP1);
        assertEquals(List.of(), ofLength(before, Schedule.CONSTANT).differences(before.toJson()));
        assertEquals(List.of("epochs (was 10, now 20)", "max-steps (was unset, now 100)"),
                ofLength(before, Schedule.LINEAR)
                        .differences(ofLength(before, Schedule.LINEAR, 10, OptionalLong.empty()).toJson()));
    }

    private static Configuration ofLength(Configuration base, Schedule schedule) {
        return ofLength(base, schedule, 20, OptionalLong.of(100));
    }

    private static Configuration ofLength(Configuration base, Schedule schedule, int epochs, OptionalLong maxSteps) {
        OptimizationSettings o = base.optimization();
        return new Configuration(base.name(), base.model(),
                new OptimizationSettings(o.optimizer(), o.learningRate(), o.weightDecay(), o.momentum(), o.betas(),
                        o.epsilon(), schedule, o.warmupSteps(), o.clipNorm()),
                base.data(), new RunSettings(base.run().device(), base.run().precision(), epochs, maxSteps, 42));
    }
}
