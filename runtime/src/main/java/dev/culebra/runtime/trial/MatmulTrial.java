package dev.culebra.runtime.trial;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.cublaslt.ComputeType;
import dev.culebra.runtime.cublaslt.Epilogue;
import dev.culebra.runtime.cublaslt.MatmulAlgorithm;
import dev.culebra.runtime.cublaslt.MatmulOperands;
import dev.culebra.runtime.cublaslt.MatmulPlan;
import dev.culebra.runtime.cublaslt.MatmulSpec;
import dev.culebra.runtime.cublaslt.Workspace;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.MemoryPool;
import dev.culebra.runtime.driver.Stream;

/** All algorithms of a product, tried on random numbers in memory of their own. */
public final class MatmulTrial {
    private MatmulTrial() {}

    /**
     * Tries the algorithms of a plan that a workspace suffices for; the first that runs sets the standard. The plan's choice is as
     * before afterwards. Waits for the stream.
     *
     * @param pool where memory for all operands comes from and goes back to
     * @return what was found, in the order of {@link MatmulPlan#algorithms}
     * @throws dev.culebra.runtime.driver.CudaOutOfMemoryException if there is not enough memory for a second set of operands
     * @throws IllegalStateException in a capture
     */
    public static List<Outcome> of(MatmulPlan plan, MemoryPool pool, Stream stream, Workspace workspace) {
        MatmulAlgorithm before = plan.algorithm();
        try (Scratch scratch = new Scratch(pool, stream)) {
            MatmulOperands operands = operands(plan.spec(), scratch);
            Contender product = scratch.contender(() -> plan.execute(stream, operands, 1, 0, workspace));
            Contest contest = new Contest(stream, tolerance(plan.spec()));
            List<Outcome> outcomes = new ArrayList<>();
            for (MatmulAlgorithm algorithm : plan.algorithms()) {
                plan.choose(algorithm);
                outcomes.add(algorithm.workspaceBytes() > workspace.bytes()
                        ? Outcome.refused("it needs " + algorithm.workspaceBytes() + " bytes of workspace")
                        : contest.enter(product));
            }
            return outcomes;
        } finally {
            plan.choose(before);
        }
    }

    /**
     * How far two ways to compute a product may be apart, as {@link Contest} takes it: they differ in the order of sums, and
     * in TF32 in how operands are rounded.
     */
    public static double tolerance(MatmulSpec spec) {
        double operands = spec.compute() == ComputeType.TF32 ? 0x1p-11 : 0;
        double result = switch (spec.d().type()) {
            case BF16 -> 0x1p-9;
            case F32, I32 -> 0x1p-24;
            case F64 -> 0x1p-53;
        };
        return Contest.tolerance(operands + result, spec.shape().k(),
                spec.compute() == ComputeType.F64 ? 0x1p-53 : 0x1p-24);
    }

    /** A product's operands, of which those that it reads are random. */
    private static MatmulOperands operands(MatmulSpec spec, Scratch scratch) {
        MatmulOperands matrices = MatmulOperands.of(read(scratch, spec.a().type(), spec.bytesOfA()),
                read(scratch, spec.b().type(), spec.bytesOfB()), written(scratch, spec.d().type(), spec.bytesOfD()));
        return withAuxiliary(spec, scratch, withVector(spec, scratch, matrices));
    }

    private static MatmulOperands withVector(MatmulSpec spec, Scratch scratch, MatmulOperands matrices) {
        DataType type = spec.d().type();
        return switch (spec.epilogue().vector()) {
            case NONE -> matrices;
            case BIAS -> matrices.withVector(scratch.read(type, spec.vectorElements()));
            case BIAS_GRADIENT, SUM_OF_A, SUM_OF_B -> matrices
                    .withVector(scratch.written(type, spec.vectorElements()));
        };
    }

    /** Of a mask, which is no numbers, nothing is compared. */
    private static MatmulOperands withAuxiliary(MatmulSpec spec, Scratch scratch, MatmulOperands matrices) {
        DataType type = spec.d().type();
        boolean given = spec.epilogue() == Epilogue.GELU_GRADIENT || spec.epilogue() == Epilogue.GELU_BIAS_GRADIENT;
        return switch (spec.epilogue().auxiliary()) {
            case NONE -> matrices;
            case RELU_MASK -> matrices.withAuxiliary(read(scratch, DataType.BF16, spec.auxiliaryBytes()));
            case PRE_ACTIVATION -> matrices.withAuxiliary(given
                    ? read(scratch, type, spec.auxiliaryBytes())
                    : written(scratch, type, spec.auxiliaryBytes()));
        };
    }

    private static DeviceMemory read(Scratch scratch, DataType type, long bytes) {
        return scratch.read(type, bytes / type.bytes());
    }

    private static DeviceMemory written(Scratch scratch, DataType type, long bytes) {
        return scratch.written(type, bytes / type.bytes());
    }
}
