package dev.culebra.runtime.trial;

import java.util.List;
import java.util.Map;

import dev.culebra.runtime.cudnn.RnnAlgorithm;
import dev.culebra.runtime.cudnn.RnnArithmetic;
import dev.culebra.runtime.cudnn.RnnDataLayout;
import dev.culebra.runtime.cudnn.RnnSequences;
import dev.culebra.runtime.cudnn.RnnSpec;
import dev.culebra.runtime.cudnn.RnnsOnDevice;
import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class RnnTrialTest extends RnnsOnDevice {
    private Map<RnnAlgorithm, Outcome> outcomes(RnnArithmetic arithmetic, int hiddenSize) {
        RnnSpec spec = new RnnSpec(RnnSpec.Size.of(2, 31, hiddenSize), arithmetic, RnnAlgorithm.STANDARD,
                RnnDataLayout.BATCH_MAJOR);
        return RnnTrial.of(library, pool, spec, RnnSequences.equal(7, 33));
    }

    @ParameterizedTest
    @EnumSource
    void eachAlgorithmIsRightOrRefused(RnnArithmetic arithmetic) {
        Map<RnnAlgorithm, Outcome> outcomes = outcomes(arithmetic, 64);
        assertEquals(List.of(RnnAlgorithm.values()), List.copyOf(outcomes.keySet()));
        outcomes.forEach((algorithm, outcome) -> assertTrue(outcome.refusal().isPresent() || outcome.correct(),
                algorithm + ": " + outcome));
        boolean newerCudnn = arithmetic == RnnArithmetic.BF16;
        assertTrue(newerCudnn || outcomes.get(RnnAlgorithm.STANDARD).isEligible(), outcomes.toString());
    }

    @Test
    void refusalsAndWhatCannotBeCapturedAreTold() {
        assumeTrue(StandIn.isActive(), "skipped: which algorithms a real library refuses depends on the device");
        Map<RnnAlgorithm, Outcome> small = outcomes(RnnArithmetic.STRICT_F32, 64);
        Outcome dynamic = small.get(RnnAlgorithm.PERSIST_DYNAMIC);
        assertTrue(dynamic.correct() && dynamic.repeatable(), dynamic.toString());
        assertFalse(dynamic.capturable());
        assertTrue(small.get(RnnAlgorithm.PERSIST_STATIC).isEligible());
        assertTrue(small.get(RnnAlgorithm.PERSIST_STATIC_SMALL_H).isEligible());
        Map<RnnAlgorithm, Outcome> narrow = outcomes(RnnArithmetic.BF16, 64);
        assertTrue(narrow.get(RnnAlgorithm.PERSIST_DYNAMIC).refusal().orElseThrow().contains("cudnnBuildRNNDynamic"));
        Map<RnnAlgorithm, Outcome> large = outcomes(RnnArithmetic.STRICT_F32, 257);
        assertTrue(large.get(RnnAlgorithm.PERSIST_STATIC_SMALL_H).refusal().orElseThrow()
                .contains("a state of 257 is more than"), large.toString());
    }
}
