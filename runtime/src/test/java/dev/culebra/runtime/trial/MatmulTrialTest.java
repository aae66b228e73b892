package dev.culebra.runtime.trial;

import java.util.List;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.cublaslt.ComputeType;
import dev.culebra.runtime.cublaslt.Epilogue;
import dev.culebra.runtime.cublaslt.MatmulAlgorithm;
import dev.culebra.runtime.cublaslt.MatmulPlan;
import dev.culebra.runtime.cublaslt.MatmulShape;
import dev.culebra.runtime.cublaslt.MatmulSpec;
import dev.culebra.runtime.cublaslt.MatmulsOnDevice;
import dev.culebra.runtime.cublaslt.MatrixLayout;
import dev.culebra.runtime.cublaslt.Workspace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MatmulTrialTest extends MatmulsOnDevice {
    private void assertRight(MatmulSpec spec) {
        try (MatmulPlan plan = planOrAbort(spec)) {
            MatmulAlgorithm before = plan.algorithm();
            List<Outcome> outcomes = MatmulTrial.of(plan, pool, stream, workspace);
            assertEquals(plan.algorithms().size(), outcomes.size());
            assertEquals(before, plan.algorithm());
            assertTrue(outcomes.getFirst().isEligible(), outcomes.toString());
            for (int i = 0; i < outcomes.size(); i++) {
                assertTrue(outcomes.get(i).correct(), plan.algorithms().get(i) + ": " + outcomes.get(i));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "BIAS", "SUM_OF_A", "GELU_KEEP_BIAS", "GELU_BIAS_GRADIENT", "RELU_BIAS_GRADIENT"})
    void allAlgorithmsOfEachEpilogueAreRight(Epilogue epilogue) {
        assertRight(MatmulSpec.of(MatmulShape.of(40, 64, 257), DataType.BF16, ComputeType.F32).with(epilogue));
    }

    @Test
    void whatLiesBetweenRowsIsNotCompared() {
        MatrixLayout apart = new MatrixLayout(DataType.F32, false, 48, 0);
        MatmulSpec spec = MatmulSpec.of(MatmulShape.of(33, 31, 64), DataType.F32, ComputeType.STRICT_F32);
        assertRight(new MatmulSpec(spec.shape(), spec.a(), spec.b(), apart, spec.compute(), spec.epilogue()));
    }

    @Test
    void anAlgorithmThatTheWorkspaceIsTooSmallForIsRefused() {
        MatmulSpec spec = MatmulSpec.of(MatmulShape.of(33, 31, 257), DataType.F32, ComputeType.STRICT_F32);
        try (MatmulPlan plan = MatmulPlan.create(library, spec, WORKSPACE_BYTES)) {
            List<Outcome> outcomes = MatmulTrial.of(plan, pool, stream, Workspace.NONE);
            for (int i = 0; i < outcomes.size(); i++) {
                long bytes = plan.algorithms().get(i).workspaceBytes();
                assertEquals(bytes > 0, outcomes.get(i).refusal().isPresent(), outcomes.get(i).toString());
            }
        }
    }
}
