package dev.culebra.tools.benchmarks.roofline;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.AttentionSpec;
import dev.culebra.runtime.operation.EmbeddingSpec;
import dev.culebra.runtime.operation.LinearCrossEntropySpec;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.runtime.operation.LossHistorySpec;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.OptimizerSpec;
import dev.culebra.tools.benchmarks.study.Sizes;

/** Every operation that a run of the study may ask for, in the sizes in which it does. */
final class StudyOperations {
    private static final double DECAY = 5e-4;
    /** As many as a training step keeps. */
    private static final int KEPT_STEPS = 256;

    private StudyOperations() {}

    /**
     * An operation to be made on a backend.
     *
     * @param name for people, where it cannot be made
     * @param on makes it
     */
    record Candidate(String name, Function<Backend, MeasuredOperation> on) {}

    /** All of them. */
    static List<Candidate> of(Sizes sizes) {
        List<Candidate> all = new ArrayList<>();
        int width = sizes.width();
        all.add(linear(sizes, sizes.hiddenSize(), width, Activation.RELU));
        all.add(linear(sizes, width, 3 * width, Activation.NONE));
        all.add(linear(new LinearSpec(sizes.rows(), width, 3 * width, Activation.NONE).withoutInputGradient()));
        all.add(linear(sizes, width, width, Activation.NONE));
        all.add(linear(sizes, width, sizes.mlpWidth(), Activation.GELU));
        all.add(linear(sizes, width, sizes.mlpWidth(), Activation.GELU_TANH));
        all.add(linear(sizes, sizes.mlpWidth(), width, Activation.NONE));
        all.add(new Candidate("attention", backend -> new MeasuredAttention(backend, new AttentionSpec(sizes.batch(),
                sizes.sequenceLength(), sizes.heads(), width / sizes.heads()))));
        all.add(new Candidate("layer norm", backend -> new MeasuredLayerNorm(backend, sizes.rows(), width)));
        for (int layers : new int[] {1, 2, 4}) {
            all.add(new Candidate("lstm, layers: " + layers, backend -> new MeasuredLstm(backend, new LstmSpec(
                    sizes.batch(), sizes.sequenceLength(), width, sizes.hiddenSize(), layers, 0, 0))));
        }
        for (boolean learn : new boolean[] {false, true}) {
            all.add(new Candidate("linear cross-entropy, " + (learn ? "learned" : "frozen"),
                    backend -> new MeasuredLinearCrossEntropy(backend,
                            new LinearCrossEntropySpec(sizes.rows(), width, sizes.vocabulary(), learn))));
        }
        for (int positions : new int[] {0, sizes.sequenceLength()}) {
            all.add(new Candidate("embedding, positions: " + positions,
                    backend -> new MeasuredEmbedding(backend, new EmbeddingSpec(sizes.batch(), sizes.sequenceLength(),
                            sizes.vocabulary(), width, positions))));
        }
        all.add(new Candidate("dropout", backend -> new MeasuredDropout(backend, sizes.rows() * width)));
        all.add(new Candidate("sum", backend -> new MeasuredSum(backend, sizes.rows() * width)));
        all.add(new Candidate("swap of heads", backend -> new MeasuredSwap(backend, new AttentionSpec(sizes.batch(),
                sizes.sequenceLength(), sizes.heads(), width / sizes.heads()))));
        all.add(new Candidate("loss history", backend -> new MeasuredLossHistory(backend,
                new LossHistorySpec(sizes.batch(), sizes.sequenceLength(), KEPT_STEPS))));
        int parameters = blockParameters(sizes);
        all.add(new Candidate("conversion", backend -> new MeasuredConversion(backend, parameters)));
        all.add(new Candidate("gradient norm", backend -> new MeasuredGradientNorm(backend, parameters)));
        for (OptimizerSpec spec : List.of(new OptimizerSpec.Sgd(DECAY), new OptimizerSpec.Momentum(0.9, DECAY),
                new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0), new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, DECAY))) {
            all.add(new Candidate(MeasuredOptimizer.label(spec),
                    backend -> new MeasuredOptimizer(backend, spec, parameters)));
        }
        return all;
    }

    private static Candidate linear(Sizes sizes, int in, int out, Activation activation) {
        return linear(new LinearSpec(sizes.rows(), in, out, activation));
    }

    private static Candidate linear(LinearSpec spec) {
        return new Candidate("linear, " + spec.inputSize() + " to " + spec.outputSize() + ", " + spec.activation(),
                backend -> new MeasuredLinear(backend, spec));
    }

    /** What a block of MiniGPT1 learns: attention 4 E (E + 1), MLP 8 E² + 5 E, two norms 4 E. */
    private static int blockParameters(Sizes sizes) {
        return 12 * sizes.width() * sizes.width() + 13 * sizes.width();
    }
}
