package dev.culebra.runtime.trial;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.OwnedParts;
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
    /** The largest of many errors, in those that one rounding makes. */
    private static final int LARGEST_ERROR = 16;

    private MatmulTrial() {}

    /**
     * Tries the algorithms of a plan that a workspace suffices for; the first sets the standard. The plan's choice is as
     * before afterwards. Waits for the stream.
     *
     * @param pool where memory for all operands comes from and goes back to
     * @return what was found, in the order of {@link MatmulPlan#algorithms}
     * @throws dev.culebra.runtime.driver.CudaOutOfMemoryException if there is not enough memory for a second set of operands
     * @throws IllegalStateException in a capture
     */
    public static List<Outcome> of(MatmulPlan plan, MemoryPool pool, Stream stream, Workspace workspace) {
        MatmulAlgorithm before = plan.algorithm();
        try (Scratch scratch = new Scratch(plan.spec(), pool, stream)) {
            Contest contest = new Contest(stream, tolerance(plan.spec()));
            List<Outcome> outcomes = new ArrayList<>();
            for (MatmulAlgorithm algorithm : plan.algorithms()) {
                plan.choose(algorithm);
                outcomes.add(algorithm.workspaceBytes() > workspace.bytes()
                        ? Outcome.refused("it needs " + algorithm.workspaceBytes() + " bytes of workspace")
                        : contest.enter(new Product(plan, scratch, stream, workspace)));
            }
            return outcomes;
        } finally {
            plan.choose(before);
        }
    }

    /** Algorithms differ in the order of sums, and TF32 in how operands are rounded. */
    private static double tolerance(MatmulSpec spec) {
        double operands = spec.compute() == ComputeType.TF32 ? 0x1p-11 : 0;
        double result = switch (spec.d().type()) {
            case BF16 -> 0x1p-9;
            case F32, I32 -> 0x1p-24;
            case F64 -> 0x1p-53;
        };
        double sums = Math.sqrt(spec.shape().k()) * (spec.compute() == ComputeType.F64 ? 0x1p-53 : 0x1p-24);
        return LARGEST_ERROR * (operands + result + sums);
    }

    /** The plan's product with the algorithm that is chosen. */
    private record Product(MatmulPlan plan, Scratch scratch, Stream stream, Workspace workspace) implements Contender {
        @Override
        public void run() {
            plan.execute(stream, scratch.operands, 1, 0, workspace);
        }

        @Override
        public List<Numbers> results() {
            return scratch.results;
        }
    }

    /** Memory for a product, what it reads random. */
    private static final class Scratch implements AutoCloseable {
        private final OwnedParts owned = new OwnedParts();
        private final MemoryPool pool;
        private final Stream stream;
        private final List<Numbers> results = new ArrayList<>();
        private final MatmulOperands operands;
        private long seed = 1;

        Scratch(MatmulSpec spec, MemoryPool pool, Stream stream) {
            this.pool = pool;
            this.stream = stream;
            DataType result = spec.d().type();
            try {
                MatmulOperands matrices = MatmulOperands.of(read(spec.a().type(), spec.bytesOfA()),
                        read(spec.b().type(), spec.bytesOfB()), written(result, spec.bytesOfD()));
                operands = withAuxiliary(spec, withVector(spec, matrices));
            } catch (Throwable failure) {
                owned.closeAfter(failure);
                throw failure;
            }
        }

        private MatmulOperands withVector(MatmulSpec spec, MatmulOperands matrices) {
            DataType type = spec.d().type();
            long bytes = spec.vectorElements() * type.bytes();
            return switch (spec.epilogue().vector()) {
                case NONE -> matrices;
                case BIAS -> matrices.withVector(read(type, bytes));
                case BIAS_GRADIENT, SUM_OF_A, SUM_OF_B -> matrices.withVector(written(type, bytes));
            };
        }

        /** Of a mask, which is no numbers, nothing is compared. */
        private MatmulOperands withAuxiliary(MatmulSpec spec, MatmulOperands matrices) {
            DataType type = spec.d().type();
            boolean given = spec.epilogue() == Epilogue.GELU_GRADIENT
                    || spec.epilogue() == Epilogue.GELU_BIAS_GRADIENT;
            return switch (spec.epilogue().auxiliary()) {
                case NONE -> matrices;
                case RELU_MASK -> matrices.withAuxiliary(read(DataType.BF16, spec.auxiliaryBytes()));
                case PRE_ACTIVATION -> matrices.withAuxiliary(given
                        ? read(type, spec.auxiliaryBytes())
                        : written(type, spec.auxiliaryBytes()));
            };
        }

        private DeviceMemory read(DataType type, long bytes) {
            DeviceMemory memory = owned.own(pool.allocate(bytes, stream));
            new Numbers(type, memory).randomize(seed++, 1, stream);
            return memory;
        }

        private DeviceMemory written(DataType type, long bytes) {
            DeviceMemory memory = owned.own(pool.allocate(bytes, stream));
            results.add(new Numbers(type, memory));
            return memory;
        }

        @Override
        public void close() {
            owned.close();
        }
    }
}
