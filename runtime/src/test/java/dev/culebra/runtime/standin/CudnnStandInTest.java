package dev.culebra.runtime.standin;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.NumbersOnDevice;
import dev.culebra.runtime.cudnn.CudnnException;
import dev.culebra.runtime.cudnn.CudnnHandle;
import dev.culebra.runtime.cudnn.Rnn;
import dev.culebra.runtime.cudnn.RnnAlgorithm;
import dev.culebra.runtime.cudnn.RnnArithmetic;
import dev.culebra.runtime.cudnn.RnnDataLayout;
import dev.culebra.runtime.cudnn.RnnMemory;
import dev.culebra.runtime.cudnn.RnnSequences;
import dev.culebra.runtime.cudnn.RnnSpec;
import dev.culebra.runtime.cudnn.RnnStates;
import dev.culebra.runtime.driver.CudaException;
import dev.culebra.runtime.driver.CudaGraph;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.ExecutableGraph;
import dev.culebra.runtime.operation.ParameterRegion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What the stand-in for cuDNN finds wrong. That its LSTM is the reference's is tested with the network itself. */
class CudnnStandInTest extends NumbersOnDevice {
    private final Random random = new Random(42);
    private CudnnHandle library;

    @BeforeEach
    void openLibrary() {
        assumeTrue(StandIn.isActive(), "skipped: a real library does not find these mistakes");
        library = CudnnHandle.create(stream);
    }

    @AfterEach
    void closeLibrary() {
        StandIn.failNone();
        if (library != null) {
            library.close();
        }
    }

    private static RnnSpec spec(RnnSpec.Size size, RnnArithmetic arithmetic, RnnAlgorithm algorithm) {
        return new RnnSpec(size, arithmetic, algorithm, RnnDataLayout.BATCH_MAJOR);
    }

    private static RnnSpec standard() {
        return spec(RnnSpec.Size.of(2, 3, 5), RnnArithmetic.STRICT_F32, RnnAlgorithm.STANDARD);
    }

    /** A network with random memory, and the calls of a training step. */
    private final class Training implements AutoCloseable {
        private final Rnn rnn;
        private final DataType type;
        private final DeviceMemory x;
        private final DeviceMemory y;
        private final DeviceMemory dy;
        private final DeviceMemory dx;
        private final DeviceMemory dWeights;
        private final RnnStates initial;
        private final RnnMemory memory;

        Training(RnnSpec spec, RnnSequences sequences) {
            rnn = Rnn.create(library, spec, sequences);
            type = spec.arithmetic().dataType();
            x = random(rnn.inputElements());
            dy = random(rnn.outputElements());
            y = unwritten(dy.bytes());
            dx = unwritten(x.bytes());
            dWeights = unwritten(rnn.weightBytes());
            dWeights.clear(stream);
            RnnSpec.Size size = spec.size();
            long states = (long) size.layers() * sequences.batch();
            initial = RnnStates.of(random(states * size.projectionSize()), random(states * size.hiddenSize()));
            memory = RnnMemory.forTraining(random(rnn.weightBytes() / type.bytes()), unwritten(rnn.workspaceBytes()),
                    unwritten(rnn.reserveBytes()));
        }

        private DeviceMemory random(long elements) {
            return numbers(type, random.doubles(elements, -1, 1).toArray());
        }

        void forward() {
            rnn.forward(Rnn.Mode.TRAINING, x, initial, y, RnnStates.NONE, memory);
        }

        void backwardData() {
            rnn.backwardData(y, dy, initial, Rnn.StateGradients.NONE, dx, memory);
        }

        void backwardWeights() {
            rnn.backwardWeights(x, initial, y, dWeights, memory);
        }

        void step() {
            forward();
            backwardData();
            backwardWeights();
        }

        /** Σ dy ⊙ y, whose gradients a step computes. */
        double loss() {
            forward();
            double[] outputs = numbers(type, y);
            double[] factors = numbers(type, dy);
            double sum = 0;
            for (int i = 0; i < outputs.length; i++) {
                sum += outputs[i] * factors[i];
            }
            return sum;
        }

        @Override
        public void close() {
            rnn.close();
        }
    }

    @Test
    void aCapturedStepIsReplayedAndGradientsOfWeightsAdd() {
        try (Training training = new Training(standard(), RnnSequences.equal(2, 7))) {
            training.step();
            double[] once = numbers(DataType.F32, training.dWeights);
            double[] dx = numbers(DataType.F32, training.dx);
            training.dx.fill((byte) -1, stream);
            try (CudaGraph graph = stream.capture(training::step);
                    ExecutableGraph executable = graph.instantiate()) {
                assertEquals(3, graph.nodes());
                executable.launch(stream);
            }
            assertArrayEquals(dx, numbers(DataType.F32, training.dx));
            double[] twice = Arrays.stream(once).map(value -> 2 * value).toArray();
            assertArrayEquals(twice, numbers(DataType.F32, training.dWeights));
            assertTrue(Arrays.stream(once).anyMatch(value -> value != 0));
        }
    }

    @Test
    void theLayoutOfWeightsIsNotPyTorchsAndItsGapsAreLeftAlone() {
        try (Training training = new Training(standard(), RnnSequences.equal(2, 7))) {
            training.dWeights.fill(7f, stream);
            training.step();
            double[] gradients = numbers(DataType.F32, training.dWeights);
            boolean[] owned = new boolean[gradients.length];
            List<ParameterRegion> regions = training.rnn.weightLayout(training.dWeights).regions();
            for (ParameterRegion region : regions) {
                int start = Math.toIntExact(region.offset());
                Arrays.fill(owned, start, start + Math.toIntExact(region.shape().elements()), true);
            }
            for (int i = 0; i < owned.length; i++) {
                assertTrue(owned[i] || gradients[i] == 7, "element " + i);
            }
            assertFalse(owned[0]);
            assertFalse(owned[owned.length - 1]);
            assertTrue(regions.get(0).name().equals("weight_ih_l0")
                    && regions.get(0).offset() > regions.get(1).offset());
        }
    }

    /** A step in which passes come in the wrong order, or memory is lost that a later pass needs. */
    private record Misuse(String reason, Consumer<Training> passes) {}

    private List<Misuse> misuses() {
        return List.of(
                new Misuse("the reserve was not written by a training pass", Training::backwardData),
                new Misuse("the gradient of weights comes before that of data", training -> {
                    training.forward();
                    training.backwardWeights();
                }),
                new Misuse("the gradient of data was computed twice", training -> {
                    training.forward();
                    training.backwardData();
                    training.backwardData();
                }),
                new Misuse("y is not what the forward pass wrote", training -> {
                    training.forward();
                    training.y.clear(stream);
                    training.backwardData();
                }),
                new Misuse("x or y are not those of the forward pass", training -> {
                    training.forward();
                    training.backwardData();
                    training.x.clear(stream);
                    training.backwardWeights();
                }),
                new Misuse("the weights are not those of the forward pass", training -> {
                    training.forward();
                    training.memory.weights().clear(stream);
                    training.backwardData();
                }),
                new Misuse("the initial states are not those of the forward pass", training -> {
                    training.forward();
                    training.initial.hidden().orElseThrow().clear(stream);
                    training.backwardData();
                }),
                new Misuse("or something overwrote it", training -> {
                    training.forward();
                    training.memory.reserve().orElseThrow().clear(stream);
                    training.backwardData();
                }));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void passesThatCannotGoTogetherAreFoundOutWhenTheyRun(int number) {
        Misuse misuse = misuses().get(number);
        try (Training training = new Training(standard(), RnnSequences.equal(2, 7))) {
            misuse.passes.accept(training);
            assertPoisoned(misuse.reason);
        }
    }

    /** As by a kernel that failed. */
    private void assertPoisoned(String reason) {
        assertTrue(assertThrows(CudaException.class, stream::synchronize).isSticky());
        assertTrue(StandIn.message().contains(reason), StandIn.message());
    }

    @Test
    void aReserveOfOtherSequencesIsFoundOut() {
        try (Training training = new Training(standard(), RnnSequences.equal(2, 7));
                Rnn other = Rnn.create(library, standard(), new RnnSequences(List.of(7, 6), 7))) {
            training.forward();
            other.backwardData(training.y, training.dy, training.initial, Rnn.StateGradients.NONE, training.dx,
                    training.memory);
            assertPoisoned("another network or other sequences");
        }
    }

    @Test
    void algorithmsRefuseWhatTheyDoNotHaveAtVariousCalls() {
        RnnSpec.Size small = RnnSpec.Size.of(1, 3, 5);
        assertRefused("cudnnSetRNNDescriptor_v8", spec(small, RnnArithmetic.F64, RnnAlgorithm.PERSIST_STATIC_SMALL_H));
        assertRefused("cudnnBuildRNNDynamic", spec(small, RnnArithmetic.BF16, RnnAlgorithm.PERSIST_DYNAMIC));
        assertRefused("cudnnGetRNNTempSpaceSizes",
                spec(RnnSpec.Size.of(1, 3, 1031), RnnArithmetic.STRICT_F32, RnnAlgorithm.PERSIST_STATIC));
        RnnSpec unequal = spec(small, RnnArithmetic.STRICT_F32, RnnAlgorithm.PERSIST_STATIC_SMALL_H);
        try (Training training = new Training(unequal, new RnnSequences(List.of(3, 2), 3))) {
            CudnnException failure = assertThrows(CudnnException.class, training::forward);
            assertEquals("cudnnRNNForward", failure.function());
            assertEquals(cudnn.CUDNN_STATUS_NOT_SUPPORTED, failure.status());
            assertTrue(failure.getMessage().contains("sequences of several lengths"), failure.getMessage());
        }
    }

    private void assertRefused(String function, RnnSpec spec) {
        CudnnException failure = assertThrows(CudnnException.class,
                () -> Rnn.create(library, spec, RnnSequences.equal(2, 3)));
        assertEquals(function, failure.function());
        assertEquals(cudnn.CUDNN_STATUS_NOT_SUPPORTED, failure.status());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STANDARD")
    void persistentAlgorithmsSumInAnotherOrder(RnnAlgorithm algorithm) {
        RnnSpec persistent = spec(RnnSpec.Size.of(1, 33, 65), RnnArithmetic.STRICT_F32, algorithm);
        RnnSpec standard = spec(persistent.size(), RnnArithmetic.STRICT_F32, RnnAlgorithm.STANDARD);
        try (Training first = new Training(standard, RnnSequences.equal(2, 7));
                Rnn second = Rnn.create(library, persistent, RnnSequences.equal(2, 7))) {
            first.forward();
            double[] expected = numbers(DataType.F32, first.y);
            second.forward(Rnn.Mode.INFERENCE, first.x, first.initial, first.y, RnnStates.NONE,
                    RnnMemory.forInference(first.memory.weights(), unwritten(second.workspaceBytes())));
            double[] found = numbers(DataType.F32, first.y);
            assertArrayEquals(expected, found, 1e-5);
            assertFalse(Arrays.equals(expected, found));
        }
    }

    /** In double precision, with a projection and lengths of several kinds, against differences of the loss. */
    @Test
    void gradientsAreThoseOfTheForwardPass() {
        RnnSpec projected = spec(new RnnSpec.Size(2, 3, 5, 4), RnnArithmetic.F64, RnnAlgorithm.STANDARD);
        try (Training training = new Training(projected, new RnnSequences(List.of(3, 4, 1), 4))) {
            training.step();
            double[] dx = numbers(DataType.F64, training.dx);
            double[] dWeights = numbers(DataType.F64, training.dWeights);
            assertTrue(Double.isNaN(dx[3 * 3]), "the padding of dx is not defined");
            for (int vector : new int[] {0, 1, 2, 4, 5, 6, 7, 8}) {
                assertDifference(training, training.x, 3 * vector + vector % 3, dx);
            }
            for (ParameterRegion region : training.rnn.weightLayout(training.dWeights).regions()) {
                int start = Math.toIntExact(region.offset());
                int elements = Math.toIntExact(region.shape().elements());
                for (int i = start; i < start + elements; i += 7) {
                    assertDifference(training, training.memory.weights(), i, dWeights);
                }
            }
        }
    }

    private void assertDifference(Training training, DeviceRegion region, int element, double[] gradient) {
        double step = 1e-5;
        double[] values = numbers(DataType.F64, region);
        double value = values[element];
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
            values[element] = value + (side == 0 ? step : -step);
            region.write(MemorySegment.ofArray(values), stream);
            losses[side] = training.loss();
        }
        values[element] = value;
        region.write(MemorySegment.ofArray(values), stream);
        assertEquals((losses[0] - losses[1]) / (2 * step), gradient[element], 1e-8, "element " + element);
    }

    @ParameterizedTest
    @CsvSource({"cudnnCreateRNNDescriptor, 0", "cudnnSetRNNDescriptor_v8, 0", "cudnnCreateRNNDataDescriptor, 0",
        "cudnnCreateRNNDataDescriptor, 1", "cudnnSetRNNDataDescriptor, 0", "cudnnSetRNNDataDescriptor, 1",
        "cudnnCreateTensorDescriptor, 0", "cudnnCreateTensorDescriptor, 1", "cudnnSetTensorNdDescriptor, 0",
        "cudnnSetTensorNdDescriptor, 1", "cudnnGetRNNWeightSpaceSize, 0", "cudnnGetRNNTempSpaceSizes, 0",
        "cudnnGetRNNTempSpaceSizes, 1"})
    void aNetworkThatCannotBeMadeLeavesNothingBehind(String function, int after) {
        StandIn.failNext(function, cudnn.CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED, after);
        CudnnException failure = assertThrows(CudnnException.class,
                () -> Rnn.create(library, standard(), RnnSequences.equal(2, 3)));
        assertEquals(function, failure.function());
        assertTrue(failure.getMessage().contains("asked for by a test"), failure.getMessage());
        assertEquals(Map.of("cudnnHandle", 1L), liveInLibrary());
        Rnn.create(library, standard(), RnnSequences.equal(2, 3)).close();
        assertEquals(Map.of("cudnnHandle", 1L), liveInLibrary());
    }

    private static Map<String, Long> liveInLibrary() {
        Map<String, Long> live = new HashMap<>(StandIn.liveObjectsByKind());
        live.keySet().removeIf(kind -> !kind.startsWith("cudnn"));
        return live;
    }

    @ParameterizedTest
    @EnumSource
    void aWrongDescriptorIsRefusedWithTheReason(RawRnn.Mistake mistake) {
        try (RawRnn raw = new RawRnn(unwritten(1 << 16), stream)) {
            assertEquals(cudnn.CUDNN_STATUS_SUCCESS, raw.forward());
            raw.make(mistake);
            assertEquals(mistake.status(), raw.forward());
            assertTrue(StandIn.message().contains(mistake.reason()), StandIn.message());
        }
    }

    @Test
    void lengthsOnTheDeviceAreThoseOfTheDescriptors() {
        DeviceMemory lengths = unwritten(8);
        try (RawRnn raw = new RawRnn(unwritten(1 << 16), stream)) {
            raw.lengthsAt(lengths.address());
            lengths.write(MemorySegment.ofArray(new int[] {RawRnn.STEPS, 1}), stream);
            assertEquals(cudnn.CUDNN_STATUS_SUCCESS, raw.forward());
            stream.synchronize();
            lengths.write(MemorySegment.ofArray(new int[] {RawRnn.STEPS, 2}), stream);
            assertEquals(cudnn.CUDNN_STATUS_SUCCESS, raw.forward());
            assertPoisoned("the lengths on the device are not those of the descriptors");
        }
    }

    @Test
    void gradientsOfWeightsAreOnlyAdded() {
        try (RawRnn raw = new RawRnn(unwritten(1 << 16), stream)) {
            assertEquals(cudnn.CUDNN_STATUS_BAD_PARAM, raw.backwardWeights(cudnn.CUDNN_WGRAD_MODE_SET));
            assertTrue(StandIn.message().contains("only adds"), StandIn.message());
        }
    }
}
