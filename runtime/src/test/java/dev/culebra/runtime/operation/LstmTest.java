package dev.culebra.runtime.operation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Comparison.Rounding;
import dev.culebra.runtime.operation.Comparison.Side;
import dev.culebra.runtime.operation.Comparison.Twin;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.culebra.runtime.operation.FiniteDifferences.assertGradient;
import static dev.culebra.runtime.operation.FiniteDifferences.product;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LstmTest {
    private static final long SEED = 42;
    private static final long STEP = 3;

    static Stream<Object[]> cases() {
        List<LstmSpec> specs = new ArrayList<>();
        int layers = 1;
        for (int[] sizes : TestBackends.awkwardSizes(4)) {
            specs.add(new LstmSpec(sizes[0], sizes[1], sizes[2], sizes[3], layers, 0, SEED));
            layers = layers % 3 + 1;
        }
        specs.add(new LstmSpec(7, 7, 7, 7, 4, 0, SEED));
        specs.add(new LstmSpec(7, 33, 13, 31, 3, 0.5, SEED));
        specs.add(new LstmSpec(7, 33, 13, 31, 2, 0, SEED).withoutInputGradient());
        specs.add(new LstmSpec(7, 33, 13, 31, 1, 0, SEED).withoutInputGradient());
        return TestBackends.with(specs);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forwardAndBackwardMatchTheReference(TestBackends backend, LstmSpec spec) {
        try (Comparison comparison = new Comparison(backend);
                Lstm candidate = comparison.candidate().lstm(spec);
                Lstm reference = comparison.reference().lstm(spec)) {
            Pass pass = new Pass(comparison, spec, candidate, reference);
            Block dParameters = new Block(comparison, candidate, reference);
            Twin reserve = comparison.newActivations(candidate.reserveShape(), reference.reserveShape());
            Twin dy = comparison.activations(spec.batch(), spec.sequenceLength(), spec.hiddenSize());
            Twin dx = comparison.newActivations(spec.batch(), spec.sequenceLength(), spec.inputSize());
            comparison.run(on -> {
                Lstm lstm = on.choose(candidate, reference);
                pass.forward(on, lstm, STEP, reserve);
                lstm.backward(on.of(pass.x), on.of(pass.initialHidden), on.of(pass.initialCell),
                        on.of(pass.parameters.whole), STEP, on.of(pass.y), on.of(reserve), on.of(dy), on.of(dx),
                        on.of(dParameters.whole));
            });
            pass.assertClose();
            if (spec.inputGradient()) {
                comparison.assertClose("dx", dx,
                        Rounding.ofSum(4L * spec.hiddenSize() + spec.sequenceLength()).inSteps(2 * spec.layers()));
            }
            Rounding backward = Rounding.ofSum((long) spec.batch() * spec.sequenceLength()).inSteps(2 * spec.layers());
            dParameters.regions().forEach((name, twin) -> comparison.assertClose(name, twin, backward));
        }
    }

    static Stream<Object[]> inferences() {
        return TestBackends.with(List.of(new LstmSpec(7, 33, 13, 31, 3, 0.5, SEED),
                new LstmSpec(7, 7, 7, 7, 4, 0, SEED)));
    }

    @ParameterizedTest
    @MethodSource("inferences")
    void inferenceIsForwardWithoutDropout(TestBackends backend, LstmSpec spec) {
        try (Comparison comparison = new Comparison(backend);
                Lstm candidate = comparison.candidate().lstm(spec);
                Lstm reference = comparison.reference().lstm(spec)) {
            Pass pass = new Pass(comparison, spec, candidate, reference);
            Twin reserve = comparison.newActivations(candidate.inferenceReserveShape(), reference.reserveShape());
            comparison.run(on -> {
                if (on.isReference()) {
                    pass.forward(on, reference, Lstm.NO_STEP, reserve);
                } else {
                    candidate.infer(on.of(pass.x), on.of(pass.initialHidden), on.of(pass.initialCell),
                            on.of(pass.parameters.whole), on.of(pass.y), on.of(pass.finalHidden),
                            on.of(pass.finalCell), on.of(reserve));
                }
            });
            pass.assertClose();
        }
    }

    /** What a forward pass reads and writes, on each backend. */
    private static final class Pass {
        private final Comparison comparison;
        private final LstmSpec spec;
        private final Twin x;
        private final Twin initialHidden;
        private final Twin initialCell;
        private final Block parameters;
        private final Twin y;
        private final Twin finalHidden;
        private final Twin finalCell;

        Pass(Comparison comparison, LstmSpec spec, Lstm candidate, Lstm reference) {
            this.comparison = comparison;
            this.spec = spec;
            int b = spec.batch();
            int h = spec.hiddenSize();
            x = comparison.activations(b, spec.sequenceLength(), spec.inputSize());
            initialHidden = comparison.activations(spec.layers(), b, h);
            initialCell = comparison.parameters(spec.layers(), b, h);
            parameters = new Block(comparison, candidate, reference);
            parameters.randomize(1 / Math.sqrt(h));
            y = comparison.newActivations(b, spec.sequenceLength(), h);
            finalHidden = comparison.newActivations(spec.layers(), b, h);
            finalCell = comparison.newParameters(spec.layers(), b, h);
        }

        void forward(Side on, Lstm lstm, long step, Twin reserve) {
            lstm.forward(on.of(x), on.of(initialHidden), on.of(initialCell), on.of(parameters.whole), step, on.of(y),
                    on.of(finalHidden), on.of(finalCell), on.of(reserve));
        }

        void assertClose() {
            Rounding forward = Rounding.ofSum(spec.inputSize() + spec.hiddenSize() + spec.sequenceLength())
                    .inSteps(spec.layers());
            comparison.assertClose("y", y, forward);
            comparison.assertClose("finalHidden", finalHidden, forward);
            comparison.assertClose("finalCell", finalCell, forward);
        }
    }

    /** A block of parameters on each backend, whose regions bear the same names but may lie anywhere. */
    static final class Block {
        private final Comparison comparison;
        private final Lstm candidate;
        private final Map<String, ParameterRegion> ofReference = new HashMap<>();
        private final Twin whole;

        Block(Comparison comparison, Lstm candidate, Lstm reference) {
            this.comparison = comparison;
            this.candidate = candidate;
            this.whole = comparison.newParameters(block(candidate), block(reference));
            reference.parameterLayout().forEach(region -> ofReference.put(region.name(), region));
        }

        /** All of it. */
        Twin whole() {
            return whole;
        }

        private static Shape block(Lstm lstm) {
            return Shape.of(Math.toIntExact(lstm.parameterElements()));
        }

        /** The named tensors in both blocks. */
        Map<String, Twin> regions() {
            Map<String, Twin> regions = new LinkedHashMap<>();
            for (ParameterRegion region : candidate.parameterLayout()) {
                ParameterRegion same = ofReference.get(region.name());
                assertEquals(same.shape(), region.shape(), region.name());
                regions.put(region.name(), new Twin(whole.candidate().view(region.offset(), region.shape()),
                        whole.reference().view(same.offset(), same.shape())));
            }
            assertEquals(ofReference.keySet(), regions.keySet());
            return regions;
        }

        /** Uniform within ±bound; gaps between the regions are zero. */
        void randomize(double bound) {
            whole.candidate().clear();
            Random random = new Random(SEED);
            for (Twin region : regions().values()) {
                comparison.set(region, random.doubles(region.reference().elements(), -bound, bound).toArray());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void theLayoutNamesEveryTensorOnceAndNoneOverlap(TestBackends candidate) {
        LstmSpec spec = new LstmSpec(2, 3, 7, 5, 3, 0, SEED);
        try (Backend backend = candidate.open(); Lstm lstm = backend.lstm(spec)) {
            Map<String, Shape> shapes = new HashMap<>();
            int[] owners = new int[Math.toIntExact(lstm.parameterElements())];
            for (ParameterRegion region : lstm.parameterLayout()) {
                shapes.put(region.name(), region.shape());
                for (int i = 0; i < region.shape().elements(); i++) {
                    assertEquals(1, ++owners[Math.toIntExact(region.offset()) + i], "owners of element " + i);
                }
            }
            Map<String, Shape> expected = new HashMap<>();
            for (int layer = 0; layer < 3; layer++) {
                expected.put("weight_ih_l" + layer, Shape.of(20, layer == 0 ? 7 : 5));
                expected.put("weight_hh_l" + layer, Shape.of(20, 5));
                expected.put("bias_ih_l" + layer, Shape.of(20));
                expected.put("bias_hh_l" + layer, Shape.of(20));
            }
            assertEquals(expected, shapes);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void aChangeAtAStepChangesNothingBeforeItNorInOtherSequences(TestBackends candidate) {
        int changed = 17;
        LstmSpec spec = new LstmSpec(2, 33, 7, 31, 2, 0, SEED);
        try (Comparison comparison = new Comparison(candidate);
                Lstm lstm = comparison.candidate().lstm(spec);
                Lstm reference = comparison.reference().lstm(spec)) {
            Block parameters = new Block(comparison, lstm, reference);
            parameters.randomize(0.5);
            Twin x = comparison.activations(2, 33, 7);
            Twin initialHidden = comparison.activations(2, 2, 31);
            Twin initialCell = comparison.parameters(2, 2, 31);
            Twin y = comparison.newActivations(2, 33, 31);
            Twin finalHidden = comparison.newActivations(2, 2, 31);
            Twin finalCell = comparison.newParameters(2, 2, 31);
            Twin reserve = comparison.newActivations(lstm.reserveShape(), reference.reserveShape());
            Runnable forward = () -> lstm.forward(x.candidate(), initialHidden.candidate(), initialCell.candidate(),
                    parameters.whole.candidate(), -1, y.candidate(), finalHidden.candidate(), finalCell.candidate(),
                    reserve.candidate());
            forward.run();
            double[] before = y.candidate().toDoubles();
            double[] values = x.candidate().toDoubles();
            for (int i = changed * 7; i < (changed + 1) * 7; i++) {
                values[i] += 1;
            }
            x.candidate().set(values);
            forward.run();
            double[] after = y.candidate().toDoubles();
            for (int i = 0; i < before.length; i++) {
                if (i < changed * 31 || i >= 33 * 31) {
                    assertEquals(before[i], after[i], "element " + i % 31 + " of step " + i / 31);
                }
            }
            assertNotEquals(before[changed * 31], after[changed * 31]);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void oneOperationServesSeveralParameterBlocks(TestBackends candidate) {
        LstmSpec spec = new LstmSpec(2, 3, 7, 5, 2, 0, SEED);
        try (Comparison comparison = new Comparison(candidate);
                Lstm lstm = comparison.candidate().lstm(spec);
                Lstm reference = comparison.reference().lstm(spec)) {
            Twin x = comparison.activations(2, 3, 7);
            Twin initialHidden = comparison.activations(2, 2, 5);
            Twin initialCell = comparison.parameters(2, 2, 5);
            Twin y = comparison.newActivations(2, 3, 5);
            Twin finalHidden = comparison.newActivations(2, 2, 5);
            Twin finalCell = comparison.newParameters(2, 2, 5);
            Twin reserve = comparison.newActivations(lstm.reserveShape(), reference.reserveShape());
            // Both blocks have been written equally often, so their versions are equal.
            for (double bound : new double[] {0.5, 0.1}) {
                Block parameters = new Block(comparison, lstm, reference);
                parameters.randomize(bound);
                comparison.run(on -> on.choose(lstm, reference).forward(on.of(x), on.of(initialHidden),
                        on.of(initialCell), on.of(parameters.whole), -1, on.of(y), on.of(finalHidden),
                        on.of(finalCell), on.of(reserve)));
                comparison.assertClose("y with bound " + bound, y, Rounding.ofSum(7 + 5 + 3).inSteps(2));
            }
        }
    }

    /** In an input, in a weight of each gate, in a state: the units that read it are NaN from then on, the others are not. */
    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void noGateHidesNaN(TestBackends candidate) {
        int h = 5;
        int t = 3;
        LstmSpec spec = new LstmSpec(2, t, 7, h, 1, 0, SEED);
        for (String hidden : List.of("x", "i", "f", "g", "o", "c")) {
            try (Comparison comparison = new Comparison(candidate);
                    Lstm lstm = comparison.candidate().lstm(spec);
                    Lstm reference = comparison.reference().lstm(spec)) {
                Pass pass = new Pass(comparison, spec, lstm, reference);
                Twin reserve = comparison.newActivations(lstm.reserveShape(), reference.reserveShape());
                int gate = "ifgo".indexOf(hidden);
                Tensor place = switch (hidden) {
                    case "x" -> pass.x.candidate();
                    case "c" -> pass.initialCell.candidate();
                    // The bias of a gate's first unit.
                    default -> {
                        Tensor bias = pass.parameters.regions().get("bias_ih_l0").candidate();
                        yield bias.view((long) gate * h, Shape.of(1));
                    }
                };
                place.view(0, Shape.of(1)).set(Double.NaN);
                comparison.run(on -> {
                    if (!on.isReference()) {
                        pass.forward(on, lstm, Lstm.NO_STEP, reserve);
                    }
                });
                double[] y = pass.y.candidate().toDoubles();
                for (int unit = 0; unit < h; unit++) {
                    boolean reads = hidden.equals("x") || unit == 0;
                    assertEquals(reads, Double.isNaN(y[unit]), hidden + ", first step, unit " + unit);
                    assertTrue(Double.isNaN(y[h + unit]), hidden + ", second step, unit " + unit);
                    boolean everySequence = gate >= 0;
                    assertEquals(everySequence && unit == 0, Double.isNaN(y[t * h + unit]),
                            hidden + ", first step of the other sequence, unit " + unit);
                }
            }
        }
    }

    @Test
    void continuingFromTheFinalStateIsOneLongSequence() {
        try (ReferenceBackend backend = new ReferenceBackend()) {
            Run whole = new Run(backend, new LstmSpec(1, 6, 2, 3, 2, 0, SEED));
            whole.forward(-1);
            Run first = new Run(backend, new LstmSpec(1, 4, 2, 3, 2, 0, SEED));
            first.x.set(Arrays.copyOf(whole.x.toDoubles(), 8));
            first.initialHidden.set(whole.initialHidden.toDoubles());
            first.initialCell.set(whole.initialCell.toDoubles());
            first.parameters.set(whole.parameters.toDoubles());
            first.forward(-1);
            Run second = new Run(backend, new LstmSpec(1, 2, 2, 3, 2, 0, SEED));
            second.x.set(Arrays.copyOfRange(whole.x.toDoubles(), 8, 12));
            second.initialHidden.set(first.finalHidden.toDoubles());
            second.initialCell.set(first.finalCell.toDoubles());
            second.parameters.set(whole.parameters.toDoubles());
            second.forward(-1);
            assertArrayEquals(Arrays.copyOfRange(whole.y.toDoubles(), 12, 18), second.y.toDoubles());
            assertArrayEquals(whole.finalHidden.toDoubles(), second.finalHidden.toDoubles());
            assertArrayEquals(whole.finalCell.toDoubles(), second.finalCell.toDoubles());
        }
    }

    @Test
    void dropoutChangesTrainingStepsAlone() {
        try (ReferenceBackend backend = new ReferenceBackend()) {
            Run without = new Run(backend, new LstmSpec(2, 3, 4, 5, 2, 0, SEED));
            without.forward(STEP);
            Run with = new Run(backend, new LstmSpec(2, 3, 4, 5, 2, 0.5, SEED));
            with.forward(-1);
            assertArrayEquals(without.y.toDoubles(), with.y.toDoubles());
            with.forward(STEP);
            assertFalse(Arrays.equals(without.y.toDoubles(), with.y.toDoubles()));
            Run oneLayer = new Run(backend, new LstmSpec(2, 3, 4, 5, 1, 0.5, SEED));
            oneLayer.forward(-1);
            double[] undropped = oneLayer.y.toDoubles();
            oneLayer.forward(STEP);
            assertArrayEquals(undropped, oneLayer.y.toDoubles(), "nothing follows the last layer");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5})
    void gradientsAreFiniteDifferences(double dropout) {
        try (ReferenceBackend backend = new ReferenceBackend()) {
            Run run = new Run(backend, new LstmSpec(2, 3, 4, 5, 3, dropout, SEED));
            run.forward(STEP);
            FiniteDifferences tensors = new FiniteDifferences(backend);
            Tensor dy = tensors.random(2, 3, 5);
            Tensor dx = tensors.zeros(2, 3, 4);
            Tensor dParameters = tensors.zeros(Math.toIntExact(run.lstm.parameterElements()));
            run.lstm.backward(run.x, run.initialHidden, run.initialCell, run.parameters, STEP, run.y, run.reserve, dy,
                    dx, dParameters);
            DoubleSupplier loss = () -> {
                run.forward(STEP);
                return product(run.y, dy);
            };
            assertGradient("x", run.x, dx, loss);
            assertGradient("parameters", run.parameters, dParameters, loss);
        }
    }

    /** An LSTM on the reference with all its tensors, random where they are given. */
    private static final class Run {
        private final Lstm lstm;
        private final Tensor x;
        private final Tensor initialHidden;
        private final Tensor initialCell;
        private final Tensor parameters;
        private final Tensor y;
        private final Tensor finalHidden;
        private final Tensor finalCell;
        private final Tensor reserve;

        Run(ReferenceBackend backend, LstmSpec spec) {
            FiniteDifferences tensors = new FiniteDifferences(backend);
            lstm = backend.lstm(spec);
            x = tensors.random(spec.batch(), spec.sequenceLength(), spec.inputSize());
            initialHidden = tensors.random(spec.layers(), spec.batch(), spec.hiddenSize());
            initialCell = tensors.random(spec.layers(), spec.batch(), spec.hiddenSize());
            parameters = tensors.random(Math.toIntExact(lstm.parameterElements()));
            y = tensors.zeros(spec.batch(), spec.sequenceLength(), spec.hiddenSize());
            finalHidden = tensors.zeros(spec.layers(), spec.batch(), spec.hiddenSize());
            finalCell = tensors.zeros(spec.layers(), spec.batch(), spec.hiddenSize());
            reserve = tensors.zeros(lstm.reserveShape().toArray());
        }

        void forward(long step) {
            lstm.forward(x, initialHidden, initialCell, parameters, step, y, finalHidden, finalCell, reserve);
        }
    }
}
