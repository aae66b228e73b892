package dev.culebra.tools.benchmarks.roofline;

import java.util.List;

import dev.culebra.experiments.study.Experiment;
import dev.culebra.nn.ModelSpec;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.AttentionSpec;
import dev.culebra.runtime.operation.DropoutSpec;
import dev.culebra.runtime.operation.EmbeddingSpec;
import dev.culebra.runtime.operation.LayerNormSpec;
import dev.culebra.runtime.operation.LinearCrossEntropySpec;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.runtime.operation.LossHistorySpec;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.OptimizerSpec;
import dev.culebra.tools.benchmarks.study.Sizes;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The formulas, against what they give when done by hand. */
class WorkTest {
    private static final Widths FP32 = Widths.of(Precision.FP32);
    private static final Widths BF16 = Widths.of(Precision.BF16);

    @Test
    void widthsAreThoseOfThePrecision() {
        assertEquals(new Widths(4, 4), FP32);
        assertEquals(FP32, Widths.of(Precision.TF32));
        assertEquals(new Widths(2, 4), BF16);
        assertEquals(new Widths(8, 8), Widths.of(Precision.FP64));
    }

    @Test
    void linearIsOneProductForwardAndTwoBackward() {
        LinearSpec plain = new LinearSpec(3, 5, 7, Activation.NONE);
        LinearSpec gelu = new LinearSpec(3, 5, 7, Activation.GELU);
        assertEquals(new Work(2 * 105 + 21, 4 * (15 + 35 + 7 + 21)), MeasuredLinear.forward(plain, FP32));
        assertEquals(new Work(2 * 105 + 21, 2 * (15 + 35 + 7 + 42)), MeasuredLinear.forward(gelu, BF16));
        assertEquals(new Work(4 * 105 + 21, 4 * (15 + 35 + 21 + 15 + 35 + 7)), MeasuredLinear.backward(plain, FP32));
        assertEquals(new Work(4 * 105 + 21, 2 * (15 + 35 + 21 + 21 + 15) + 4 * (35 + 7)),
                MeasuredLinear.backward(gelu, BF16));
    }

    @Test
    void layerNormReadsAndWritesItsRows() {
        LayerNormSpec spec = new LayerNormSpec(3, 5, 1e-5, true);
        assertEquals(new Work(9 * 15, 2 * 4 * 15 + 4 * (10 + 6)), MeasuredLayerNorm.forward(spec, BF16));
        assertEquals(new Work(14 * 15, 2 * 3 * 15 + 4 * (5 + 6 + 10)), MeasuredLayerNorm.backward(spec, BF16));
    }

    @Test
    void attentionCountsPairsOfTheLowerTriangle() {
        AttentionSpec spec = new AttentionSpec(2, 3, 5, 7);
        double pairs = 2 * 5 * (1 + 2 + 3);
        assertEquals(new Work(pairs * (28 + 4), 4 * 4 * 210 + 4 * 30), MeasuredAttention.forward(spec, FP32));
        assertEquals(new Work(pairs * (70 + 6) + 420, 4 * 8 * 210 + 4 * 30), MeasuredAttention.backward(spec, FP32));
    }

    @Test
    void lstmMultipliesInputsAndStatesOfEveryLayer() {
        LstmSpec spec = new LstmSpec(2, 3, 5, 7, 2, 0, 0);
        double weights = 28 * (5 + 7 + 2) + 28 * (7 + 7 + 2);
        double products = 6 * (2 * 28 * (5 + 7) + 2 * 28 * (7 + 7));
        assertEquals(new Work(products + 6 * 2 * 21 * 7, 4 * (6 * 12 + weights)), MeasuredLstm.forward(spec, FP32));
        assertEquals(new Work(2 * products + 6 * 2 * 25 * 7, 2 * (6 * 24 + weights) + 4 * weights),
                MeasuredLstm.backward(spec, BF16));
    }

    @Test
    void embeddingMovesTheRowsItLooksUp() {
        EmbeddingSpec tokens = new EmbeddingSpec(2, 3, 11, 5, 0);
        EmbeddingSpec positions = new EmbeddingSpec(2, 3, 11, 5, 4);
        assertEquals(new Work(0, 24 + 2 * 30 + 4 * 30), MeasuredEmbedding.forward(tokens, BF16));
        assertEquals(new Work(30, 24 + 2 * 30 + 4 * (30 + 15)), MeasuredEmbedding.forward(positions, BF16));
        assertEquals(new Work(30, 24 + 2 * 30 + 4 * 60), MeasuredEmbedding.backward(tokens, BF16));
        assertEquals(new Work(60, 24 + 2 * 30 + 4 * (60 + 20)), MeasuredEmbedding.backward(positions, BF16));
    }

    @Test
    void classifierIsOneProductTwoOrThree() {
        LinearCrossEntropySpec frozen = new LinearCrossEntropySpec(3, 5, 11, false);
        LinearCrossEntropySpec learned = new LinearCrossEntropySpec(3, 5, 11, true);
        assertEquals(new Work(33 * 13, 2 * (15 + 55) + 36), MeasuredLinearCrossEntropy.forward(frozen, BF16));
        assertEquals(new Work(33 * 25, 2 * (30 + 55) + 36), MeasuredLinearCrossEntropy.forwardBackward(frozen, BF16));
        assertEquals(new Work(33 * 35, 2 * (30 + 55) + 36 + 4 * 55),
                MeasuredLinearCrossEntropy.forwardBackward(learned, BF16));
    }

    @Test
    void whatGoesThroughParametersOnceMovesThem() {
        assertEquals(new Work(7, 4 * 7), MeasuredDropout.work(new DropoutSpec(7, 0.1, 1, 1), BF16));
        assertEquals(new Work(14, 28), MeasuredGradientNorm.work(7, BF16));
        assertEquals(new Work(35, 4 * 7 * 3), MeasuredOptimizer.work(new OptimizerSpec.Sgd(0), 7, BF16));
        assertEquals(new Work(49, 4 * 7 * 5), MeasuredOptimizer.work(new OptimizerSpec.Momentum(0.9, 0), 7, BF16));
        assertEquals(new Work(112, 4 * 7 * 7),
                MeasuredOptimizer.work(new OptimizerSpec.AdamW(0.9, 0.99, 0, 0), 7, BF16));
        assertEquals(new Work(7, 3 * 2 * 7), MeasuredSum.work(7, BF16));
    }

    @Test
    void explicitFormsWriteAllOfIt() {
        AttentionSpec attention = new AttentionSpec(2, 3, 5, 7);
        double pairs = 2 * 5 * (1 + 2 + 3);
        assertEquals(new Work(pairs * (14 + 4), 2 * (2 * 210 + 2 * 5 * 9)), MeasuredAttention.weights(attention, BF16));
        LinearCrossEntropySpec classifier = new LinearCrossEntropySpec(3, 5, 11, false);
        assertEquals(new Work(33 * 14, 2 * (15 + 55) + 4 * 33),
                MeasuredLinearCrossEntropy.logProbabilities(classifier, BF16));
    }

    @Test
    void whatOnlyMovesNumbersCountsThem() {
        assertEquals(new Work(0, 7 * 6), MeasuredConversion.work(7, 4, 2));
        assertEquals(new Work(0, 2 * 2 * 7), MeasuredSwap.work(7, BF16));
        assertEquals(new Work(6, 4 * 6 + 8 * 2), MeasuredLossHistory.work(new LossHistorySpec(2, 3, 4), BF16));
    }

    @Test
    void nobodyNeedsTheGradientOfFrozenEmbeddings() {
        double block = (stepFlop(Experiment.EXP12) - stepFlop(Experiment.EXP5)) / 3;
        double positions = MeasuredEmbedding.forward(new EmbeddingSpec(16, 256, 40_479, 768, 256), FP32).flop();
        double classifier = MeasuredLinearCrossEntropy
                .forwardBackward(new LinearCrossEntropySpec(4096, 768, 40_479, false), FP32).flop();
        assertEquals(positions + block + classifier - 2.0 * 4096 * 768 * 3 * 768, stepFlop(Experiment.EXP5), 1);
        LstmSpec lstm = new LstmSpec(16, 256, 768, 512, 1, 0, 0);
        LinearSpec linear = new LinearSpec(4096, 512, 768, Activation.RELU);
        double body = MeasuredLstm.forward(lstm, FP32).plus(MeasuredLstm.backward(lstm, FP32)).flop()
                + MeasuredLinear.forward(linear, FP32).plus(MeasuredLinear.backward(linear, FP32)).flop();
        assertEquals(body + classifier - 2.0 * 4096 * 768 * 2048, stepFlop(Experiment.EXP1), 1);
        assertEquals(2 * (4096.0 * 768 + 2048.0 * 768), MeasuredLstm.inputGradient(lstm, BF16).bytes());
    }

    private static double stepFlop(Experiment run) {
        return step(run, 0);
    }

    @Test
    void parametersAreCopiedForProductsInBf16() {
        OptimizerSpec adam = new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0);
        ModelSpec model = Sizes.FULL.model(Experiment.EXP1);
        for (Widths widths : List.of(FP32, BF16)) {
            StepWork work = new StepWork(Sizes.FULL, widths);
            double copy = widths == BF16 ? 6 : 0;
            assertEquals(1000 * (4 * 7 + copy), work.of(model, adam, 1000).bytes() - work.of(model, adam, 0).bytes(),
                    1);
        }
    }

    /** In units of 4096 rows: the products alone, six passes of a weight's size in the body, four in the classifier. */
    @Test
    void stepOfTheStudyIsMostlyItsClassifier() {
        double classifier = 4.0 * 4096 * 768 * 40_479;
        double lstm = 6.0 * 4096 * (4 * 512 * (768 + 512) + 512 * 768) - 2.0 * 4096 * 4 * 512 * 768;
        double attention = 14.0 * 64 * 16 * 12 * 256 * 257 / 2;
        double block = 6.0 * 4096 * 12 * 768 * 768 + attention;
        assertClose(classifier + lstm, step(Experiment.EXP1, 3_019_520));
        double ofFrozen = 2.0 * 4096 * 3 * 768 * 768;
        assertClose(classifier + block - ofFrozen, step(Experiment.EXP5, 7_087_872));
        assertClose(classifier + 4 * block - ofFrozen, step(Experiment.EXP12, 4 * 7_087_872));
    }

    private static double step(Experiment run, long learned) {
        return new StepWork(Sizes.FULL, FP32)
                .of(Sizes.FULL.model(run), new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0), learned).flop();
    }

    /** What is no product is less than two hundredths of the whole. */
    private static void assertClose(double products, double all) {
        assertEquals(1.0, products / all, 0.02);
    }

    @Test
    void ceilingThatTakesLongerBinds() {
        Ceilings ceilings = new Ceilings(100, 10);
        Work arithmetic = new Work(400, 20);
        assertEquals(Ceilings.Bound.ARITHMETIC, ceilings.bound(arithmetic));
        assertEquals(4, ceilings.leastSeconds(arithmetic));
        assertEquals(0.5, ceilings.share(arithmetic, 8));
        Work memory = new Work(100, 20);
        assertEquals(Ceilings.Bound.MEMORY, ceilings.bound(memory));
        assertEquals(2, ceilings.leastSeconds(memory));
        assertEquals(new Work(500, 40), arithmetic.plus(memory));
        assertEquals(new Work(300, 60), memory.times(3));
    }
}
