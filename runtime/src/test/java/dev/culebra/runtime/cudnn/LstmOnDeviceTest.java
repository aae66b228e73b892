package dev.culebra.runtime.cudnn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Tolerance;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.ParameterRegion;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** cuDNN's LSTM against the reference backend's with the same weights. */
class LstmOnDeviceTest extends RnnsOnDevice {
    private static final int[] AWKWARD = {1, 7, 31, 33, 257};

    private final Random random = new Random(42);

    /** 1, 2 and 4 layers, each axis taking each awkward size, in each arithmetic. */
    static Stream<Object[]> cases() {
        List<Object[]> cases = new ArrayList<>();
        for (RnnArithmetic arithmetic : List.of(RnnArithmetic.STRICT_F32, RnnArithmetic.TF32, RnnArithmetic.BF16)) {
            for (int layers : new int[] {1, 2, 4}) {
                for (int i = 0; i < AWKWARD.length; i++) {
                    cases.add(new Object[] {arithmetic, RnnAlgorithm.STANDARD,
                        new LstmSpec(AWKWARD[i], AWKWARD[(i + 1) % 5],
                                AWKWARD[(i + 2) % 5], AWKWARD[(i + 3) % 5], layers, 0, 0)});
                }
            }
        }
        for (RnnAlgorithm algorithm : RnnAlgorithm.values()) {
            cases.add(new Object[] {RnnArithmetic.STRICT_F32, algorithm, new LstmSpec(4, 9, 32, 64, 1, 0, 0)});
            cases.add(new Object[] {RnnArithmetic.BF16, algorithm, new LstmSpec(4, 9, 32, 64, 2, 0, 0)});
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forwardAndBackwardMatchTheReference(RnnArithmetic arithmetic, RnnAlgorithm algorithm, LstmSpec spec) {
        DataType type = arithmetic.dataType();
        ReferenceRun reference = new ReferenceRun(spec, values -> rounded(type, values), random);
        try (Rnn rnn = create(arithmetic, algorithm, spec)) {
            DeviceMemory x = numbers(type, reference.x.toDoubles());
            RnnStates initial = RnnStates.of(numbers(type, reference.initialHidden.toDoubles()),
                    numbers(type, reference.initialCell.toDoubles()));
            DeviceMemory y = unwritten(rnn.outputElements() * type.bytes());
            DeviceMemory hidden = unwritten(reference.finalHidden.elements() * type.bytes());
            DeviceMemory cell = unwritten(reference.finalCell.elements() * type.bytes());
            DeviceMemory workspace = unwritten(Math.max(1, rnn.workspaceBytes()));
            Map<String, ParameterRegion> layout = new HashMap<>();
            DeviceMemory weights = packed(rnn, type, reference, layout);

            RnnMemory inference = RnnMemory.forInference(weights, workspace);
            run(arithmetic, algorithm,
                    () -> rnn.forward(Rnn.Mode.INFERENCE, x, initial, y, RnnStates.of(hidden, cell), inference));
            Tolerance forward = Tolerance.of(precision(arithmetic), spec.inputSize() + spec.hiddenSize()
                    + spec.sequenceLength()).inSteps(spec.layers());
            forward.assertClose("y of inference", reference.y.toDoubles(), numbers(type, y));
            forward.assertClose("the last hidden state", reference.finalHidden.toDoubles(), numbers(type, hidden));
            forward.assertClose("the last cell state", reference.finalCell.toDoubles(), numbers(type, cell));

            RnnMemory training = RnnMemory.forTraining(weights, workspace, unwritten(Math.max(1, rnn.reserveBytes())));
            y.fill((byte) -1, stream);
            run(arithmetic, algorithm, () -> rnn.forward(Rnn.Mode.TRAINING, x, initial, y, RnnStates.NONE, training));
            forward.assertClose("y of training", reference.y.toDoubles(), numbers(type, y));
            DeviceMemory dx = unwritten(x.bytes());
            DeviceMemory dWeights = unwritten(rnn.weightBytes());
            dWeights.clear(stream);
            rnn.backwardData(y, numbers(type, reference.dy.toDoubles()), initial, Rnn.StateGradients.NONE, dx,
                    training);
            rnn.backwardWeights(x, initial, y, dWeights, training);
            // The gates themselves, from which all gradients come, are sums of as many terms as the input is wide.
            Tolerance.of(precision(arithmetic), 4L * spec.hiddenSize() + spec.sequenceLength() + spec.inputSize())
                    .inSteps(2 * spec.layers()).assertClose("dx", reference.dx.toDoubles(), numbers(type, dx));
            Tolerance ofParameters = Tolerance.of(precision(arithmetic), (long) spec.batch() * spec.sequenceLength())
                    .inSteps(2 * spec.layers());
            layout.forEach((name, region) -> ofParameters.assertClose(name, reference.gradient(name),
                    part(numbers(type, dWeights), region)));
        }
    }

    private Rnn create(RnnArithmetic arithmetic, RnnAlgorithm algorithm, LstmSpec spec) {
        RnnSpec network = new RnnSpec(RnnSpec.Size.of(spec.layers(), spec.inputSize(), spec.hiddenSize()), arithmetic,
                algorithm, RnnDataLayout.BATCH_MAJOR);
        RnnSequences sequences = RnnSequences.equal(spec.batch(), spec.sequenceLength());
        try {
            return Rnn.create(library, network, sequences);
        } catch (CudnnException failure) {
            throw orEnd(failure, arithmetic, algorithm);
        }
    }

    /** Some algorithms say only when they run that they cannot. */
    private static void run(RnnArithmetic arithmetic, RnnAlgorithm algorithm, Runnable forward) {
        try {
            forward.run();
        } catch (CudnnException failure) {
            throw orEnd(failure, arithmetic, algorithm);
        }
    }

    /** The failure, or the end of the test where cuDNN or the device need not have what was asked for. */
    private static RuntimeException orEnd(CudnnException failure, RnnArithmetic arithmetic, RnnAlgorithm algorithm) {
        boolean everywhere = arithmetic != RnnArithmetic.BF16 && algorithm == RnnAlgorithm.STANDARD;
        if (!everywhere && failure.status() / 1000 == cudnn.CUDNN_STATUS_NOT_SUPPORTED / 1000) {
            System.out.println("skipped: " + failure.getMessage());
            Assumptions.abort(failure.getMessage());
        }
        return failure;
    }

    /** A weight space that holds the reference's parameters; where each lies goes to {@code layout}. */
    private DeviceMemory packed(Rnn rnn, DataType type, ReferenceRun reference, Map<String, ParameterRegion> layout) {
        DeviceMemory space = unwritten(rnn.weightBytes());
        double[] values = new double[Math.toIntExact(rnn.weightBytes() / type.bytes())];
        for (ParameterRegion region : rnn.weightLayout(space).regions()) {
            layout.put(region.name(), region);
            double[] parameter = reference.parameter(region);
            System.arraycopy(parameter, 0, values, Math.toIntExact(region.offset()), parameter.length);
        }
        assertEquals(reference.names(), layout.keySet());
        return numbers(type, values);
    }

    private static double[] part(double[] space, ParameterRegion region) {
        int start = Math.toIntExact(region.offset());
        return Arrays.copyOfRange(space, start, start + Math.toIntExact(region.shape().elements()));
    }

    private static Precision precision(RnnArithmetic arithmetic) {
        return switch (arithmetic) {
            case STRICT_F32 -> Precision.FP32;
            case TF32 -> Precision.TF32;
            case BF16 -> Precision.BF16;
            case F64 -> Precision.FP64;
        };
    }

    @ParameterizedTest
    @EnumSource
    void sequencesOfEachLengthAreThoseOfTheReferenceAlone(RnnDataLayout layout) {
        RnnSequences sequences = new RnnSequences(List.of(5, 3, 1), 5);
        int inputs = 7;
        int hidden = 33;
        int layers = 2;
        RnnSpec spec = new RnnSpec(RnnSpec.Size.of(layers, inputs, hidden), RnnArithmetic.STRICT_F32,
                RnnAlgorithm.STANDARD, layout);
        List<ReferenceRun> runs = new ArrayList<>();
        for (int length : sequences.lengths()) {
            LstmSpec alone = new LstmSpec(1, length, inputs, hidden, layers, 0, 0);
            // The same seed gives each the same parameters, and the input of a shorter one is the start of a longer one's.
            runs.add(new ReferenceRun(alone, values -> rounded(DataType.F32, values), new Random(7)));
        }
        try (Rnn rnn = Rnn.create(library, spec, sequences)) {
            double[] x = new double[Math.toIntExact(rnn.inputElements())];
            double[] expected = new double[Math.toIntExact(rnn.outputElements())];
            double[] states = new double[layers * 3 * hidden];
            for (int b = 0; b < 3; b++) {
                for (int t = 0; t < sequences.lengths().get(b); t++) {
                    int vector = vector(layout, sequences, b, t);
                    System.arraycopy(runs.get(b).x.toDoubles(), t * inputs, x, vector * inputs, inputs);
                    System.arraycopy(runs.get(b).y.toDoubles(), t * hidden, expected, vector * hidden, hidden);
                }
                for (int layer = 0; layer < layers; layer++) {
                    System.arraycopy(runs.get(b).initialHidden.toDoubles(), layer * hidden, states,
                            (layer * 3 + b) * hidden, hidden);
                }
            }
            DeviceMemory y = unwritten(expected.length * 4L);
            RnnStates initial = RnnStates.of(numbers(DataType.F32, states),
                    numbers(DataType.F32, cells(runs, layers, hidden)));
            RnnMemory memory = RnnMemory.forInference(packed(rnn, DataType.F32, runs.getFirst(), new HashMap<>()),
                    unwritten(Math.max(1, rnn.workspaceBytes())));
            rnn.forward(Rnn.Mode.INFERENCE, numbers(DataType.F32, x), initial, y, RnnStates.NONE, memory);
            double[] found = numbers(DataType.F32, y);
            Tolerance.of(Precision.FP32, inputs + hidden + 5).inSteps(layers).assertClose("y", expected, found);
            if (layout != RnnDataLayout.TIME_MAJOR_PACKED) {
                int padding = vector(layout, sequences, 2, 4) * hidden;
                assertArrayEquals(new double[hidden], Arrays.copyOfRange(found, padding, padding + hidden), "padding");
            }
        }
    }

    private static double[] cells(List<ReferenceRun> runs, int layers, int hidden) {
        double[] states = new double[layers * runs.size() * hidden];
        for (int b = 0; b < runs.size(); b++) {
            for (int layer = 0; layer < layers; layer++) {
                System.arraycopy(runs.get(b).initialCell.toDoubles(), layer * hidden, states,
                        (layer * runs.size() + b) * hidden, hidden);
            }
        }
        return states;
    }

    /** Which vector in memory is step t of sequence b. */
    private static int vector(RnnDataLayout layout, RnnSequences sequences, int b, int t) {
        return switch (layout) {
            case TIME_MAJOR -> t * sequences.batch() + b;
            case BATCH_MAJOR -> b * sequences.longest() + t;
            case TIME_MAJOR_PACKED -> {
                long before = 0;
                for (int length : sequences.lengths()) {
                    before += Math.min(length, t);
                }
                yield Math.toIntExact(before) + b;
            }
        };
    }

    @Test
    void theWeightSpaceHoldsEveryParameterOnceAndNoneOverlap() {
        RnnSpec spec = new RnnSpec(new RnnSpec.Size(2, 7, 5, 3), RnnArithmetic.STRICT_F32, RnnAlgorithm.STANDARD,
                RnnDataLayout.BATCH_MAJOR);
        try (Rnn rnn = Rnn.create(library, spec, RnnSequences.equal(2, 4))) {
            RnnWeights weights = rnn.weightLayout(unwritten(rnn.weightBytes()));
            assertEquals(18, weights.parts().size());
            int[] owners = new int[Math.toIntExact(rnn.weightBytes() / 4)];
            List<String> shapes = new ArrayList<>();
            for (ParameterRegion region : weights.regions()) {
                shapes.add(region.name() + region.shape());
                for (long i = 0; i < region.shape().elements(); i++) {
                    owners[Math.toIntExact(region.offset() + i)]++;
                }
            }
            assertEquals(List.of("weight_ih_l0(20, 7)", "weight_hh_l0(20, 3)", "bias_ih_l0(20)", "bias_hh_l0(20)",
                    "weight_hr_l0(3, 5)", "weight_ih_l1(20, 3)", "weight_hh_l1(20, 3)", "bias_ih_l1(20)",
                    "bias_hh_l1(20)", "weight_hr_l1(3, 5)"), shapes);
            assertTrue(Arrays.stream(owners).allMatch(count -> count <= 1), "regions overlap");
        }
    }

    @Test
    void misuseIsRefused() {
        RnnSpec spec = new RnnSpec(RnnSpec.Size.of(1, 7, 5), RnnArithmetic.STRICT_F32, RnnAlgorithm.STANDARD,
                RnnDataLayout.BATCH_MAJOR);
        Rnn rnn = Rnn.create(library, spec, RnnSequences.equal(2, 4));
        assertThrows(IllegalStateException.class, library::close, "the network needs it");
        assertThrows(IllegalStateException.class, stream::close, "the library needs it");
        DeviceMemory memory = unwritten(rnn.weightBytes());
        DeviceMemory small = unwritten(rnn.weightBytes() - 1);
        assertThrows(IllegalArgumentException.class, () -> rnn.weightLayout(small));
        rnn.close();
        rnn.close();
        assertThrows(IllegalStateException.class, () -> rnn.weightLayout(memory));
        CudnnHandle closed = CudnnHandle.create(stream);
        closed.close();
        assertThrows(IllegalStateException.class, () -> Rnn.create(closed, spec, RnnSequences.equal(2, 4)));
    }
}
