package dev.culebra.runtime.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.culebra.runtime.ActivationMemory;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Storage;
import dev.culebra.runtime.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Every operation of every backend refuses tensors that do not fit, and computes nothing in a dry run. */
class ArgumentsTest {
    /** A call of an operation with tensors that it asks for in the order of its parameters. */
    private record Call(String name, Body body) {
        private interface Body {
            void run(Backend backend, Tensors tensors);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final LinearSpec LINEAR = new LinearSpec(2, 3, 5, Activation.GELU);
    private static final LayerNormSpec LAYER_NORM = new LayerNormSpec(2, 3, 1e-5, true);
    private static final AttentionSpec ATTENTION = new AttentionSpec(2, 3, 4, 5);
    private static final CachedAttentionSpec CACHED_ATTENTION = new CachedAttentionSpec(2, 3, 7, 4, 5);
    private static final LstmSpec LSTM = new LstmSpec(2, 3, 4, 5, 2, 0, 0);
    private static final EmbeddingSpec EMBEDDING = new EmbeddingSpec(2, 3, 5, 7, 4);
    private static final LinearCrossEntropySpec LOSS = new LinearCrossEntropySpec(2, 3, 5, true);
    private static final OptimizerSpec ADAM = new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0);

    private static final List<Call> CALLS = List.of(new Call("linear forward", (backend, t) -> {
        try (Linear linear = backend.linear(LINEAR)) {
            linear.forward(t.activation(2, 3), t.parameter(5, 3), t.parameter(5), t.activation(2, 5),
                    t.activation(2, 5));
        }
    }), new Call("linear backward", (backend, t) -> {
        try (Linear linear = backend.linear(LINEAR)) {
            linear.backward(t.activation(2, 3), t.parameter(5, 3), t.activation(2, 5), t.activation(2, 5),
                    t.activation(2, 5), t.activation(2, 3), t.parameter(5, 3), t.parameter(5));
        }
    }), new Call("layer norm forward", (backend, t) -> {
        try (LayerNorm layerNorm = backend.layerNorm(LAYER_NORM)) {
            layerNorm.forward(t.activation(2, 3), t.activation(2, 3), t.parameter(3), t.parameter(3),
                    t.activation(2, 3), t.parameter(2, 2), t.activation(2, 3));
        }
    }), new Call("layer norm backward", (backend, t) -> {
        try (LayerNorm layerNorm = backend.layerNorm(LAYER_NORM)) {
            layerNorm.backward(t.activation(2, 3), t.parameter(2, 2), t.parameter(3), t.activation(2, 3),
                    t.activation(2, 3), t.parameter(3), t.parameter(3));
        }
    }), new Call("attention forward", (backend, t) -> {
        try (Attention attention = backend.attention(ATTENTION)) {
            attention.forward(t.activation(2, 3, 3, 4, 5), t.parameter(2, 4, 3), t.activation(2, 3, 4, 5));
        }
    }), new Call("attention backward", (backend, t) -> {
        try (Attention attention = backend.attention(ATTENTION)) {
            attention.backward(t.activation(2, 3, 3, 4, 5), t.parameter(2, 4, 3), t.activation(2, 3, 4, 5),
                    t.activation(2, 3, 4, 5), t.activation(2, 3, 3, 4, 5));
        }
    }), new Call("attention weights", (backend, t) -> {
        try (Attention attention = backend.attention(ATTENTION)) {
            attention.weights(t.activation(2, 3, 3, 4, 5), t.activation(2, 4, 3, 3));
        }
    }), new Call("cached attention", (backend, t) -> {
        try (CachedAttention attention = backend.cachedAttention(CACHED_ATTENTION)) {
            attention.forward(t.activation(2, 3, 3, 4, 5), t.tokens(1), t.activation(2, 7, 2, 4, 5),
                    t.activation(2, 3, 4, 5));
        }
    }), new Call("LSTM forward", (backend, t) -> {
        try (Lstm lstm = backend.lstm(LSTM)) {
            lstm.forward(t.activation(2, 3, 4), t.activation(2, 2, 5), t.parameter(2, 2, 5),
                    t.parameter(Math.toIntExact(lstm.parameterElements())), 0, t.activation(2, 3, 5),
                    t.activation(2, 2, 5), t.parameter(2, 2, 5), t.activation(lstm.reserveShape().toArray()));
        }
    }), new Call("LSTM forward", (backend, t) -> {
        try (Lstm lstm = backend.lstm(LSTM)) {
            lstm.infer(t.activation(2, 3, 4), t.activation(2, 2, 5), t.parameter(2, 2, 5),
                    t.parameter(Math.toIntExact(lstm.parameterElements())), t.activation(2, 3, 5),
                    t.activation(2, 2, 5), t.parameter(2, 2, 5), t.activation(lstm.inferenceReserveShape().toArray()));
        }
    }), new Call("LSTM backward", (backend, t) -> {
        try (Lstm lstm = backend.lstm(LSTM)) {
            int elements = Math.toIntExact(lstm.parameterElements());
            lstm.backward(t.activation(2, 3, 4), t.activation(2, 2, 5), t.parameter(2, 2, 5), t.parameter(elements), 0,
                    t.activation(2, 3, 5), t.activation(lstm.reserveShape().toArray()), t.activation(2, 3, 5),
                    t.activation(2, 3, 4), t.parameter(elements));
        }
    }), new Call("embedding forward", (backend, t) -> {
        try (Embedding embedding = backend.embedding(EMBEDDING)) {
            embedding.forward(t.tokens(2, 3), t.parameter(5, 7), t.parameter(4, 7), t.activation(2, 3, 7));
        }
    }), new Call("embedding backward", (backend, t) -> {
        try (Embedding embedding = backend.embedding(EMBEDDING)) {
            embedding.backward(t.tokens(2, 3), t.activation(2, 3, 7), t.parameter(5, 7), t.parameter(4, 7));
        }
    }), new Call("linear cross-entropy forward", (backend, t) -> {
        try (LinearCrossEntropy loss = backend.linearCrossEntropy(LOSS)) {
            loss.forward(t.activation(2, 3), t.parameter(5, 3), t.tokens(2), t.parameter(2), t.parameter(2));
        }
    }), new Call("linear cross-entropy forward and backward", (backend, t) -> {
        try (LinearCrossEntropy loss = backend.linearCrossEntropy(LOSS)) {
            loss.forwardBackward(t.activation(2, 3), t.parameter(5, 3), t.tokens(2), t.parameter(2), t.parameter(2),
                    t.activation(2, 3), t.parameter(5, 3));
        }
    }), new Call("log-probabilities", (backend, t) -> {
        try (LinearCrossEntropy loss = backend.linearCrossEntropy(LOSS)) {
            loss.logProbabilities(t.activation(2, 3), t.parameter(5, 3), t.parameter(2, 5));
        }
    }), new Call("dropout", (backend, t) -> {
        try (Dropout dropout = backend.dropout(new DropoutSpec(6, 0.5, 0, 0))) {
            dropout.apply(t.activation(6), 0);
        }
    }), new Call("optimiser update", (backend, t) -> {
        try (Optimizer optimizer = backend.optimizer(ADAM, 5)) {
            optimizer.update(t.parameter(5), t.parameter(5), t.parameter(2, 5), t.parameter(1));
        }
    }), new Call("loss history", (backend, t) -> {
        try (LossHistory history = backend.lossHistory(new LossHistorySpec(2, 3, 4))) {
            history.record(t.parameter(6), 0);
        }
    }), new Call("add", (backend, t) -> {
        try (Elementwise elementwise = backend.elementwise()) {
            elementwise.add(t.activation(2, 3), t.activation(2, 3));
        }
    }), new Call("swap of the middle axes", (backend, t) -> {
        try (Elementwise elementwise = backend.elementwise()) {
            elementwise.swapMiddleAxes(t.activation(2, 3, 4, 5), t.activation(2, 4, 3, 5));
        }
    }), new Call("conversion", (backend, t) -> {
        try (Elementwise elementwise = backend.elementwise()) {
            elementwise.convert(t.activation(2, 3), t.parameter(2, 3));
        }
    }));

    /** Makes the tensors a call asks for; one of them may be wrong. */
    private abstract static class Tensors {
        private final Backend backend;
        private int count;

        Tensors(Backend backend) {
            this.backend = backend;
        }

        Tensor activation(int... sizes) {
            return next(backend.activationType(), sizes);
        }

        Tensor parameter(int... sizes) {
            return next(backend.parameterType(), sizes);
        }

        Tensor tokens(int... sizes) {
            return next(DataType.I32, sizes);
        }

        private Tensor next(DataType type, int... sizes) {
            return make(count++, type, Shape.of(sizes));
        }

        abstract Tensor make(int index, DataType type, Shape shape);
    }

    static Stream<Object[]> calls() {
        return TestBackends.with(CALLS);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aDryRunComputesNothing(TestBackends candidate, Call call) {
        try (Backend backend = candidate.open();
                ActivationMemory memory = new ActivationMemory(backend::allocate)) {
            // A dry run's tensors have no memory: touching one throws.
            memory.plan(() -> call.body.run(backend, new Tensors(backend) {
                @Override
                Tensor make(int index, DataType type, Shape shape) {
                    return memory.allocate(type, shape);
                }
            }));
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void oneTensorThatIsOnlyPlannedMakesADryRun(TestBackends candidate, Call call) {
        try (Backend backend = candidate.open();
                ActivationMemory memory = new ActivationMemory(backend::allocate)) {
            int arguments = count(backend, call);
            for (int planned = 0; planned < arguments; planned++) {
                int chosen = planned;
                List<Tensor> real = new ArrayList<>();
                memory.plan(() -> call.body.run(backend, new Tensors(backend) {
                    @Override
                    Tensor make(int index, DataType type, Shape shape) {
                        if (index == chosen) {
                            return memory.allocate(type, shape);
                        }
                        Tensor tensor = backend.allocate(type, shape);
                        real.add(tensor);
                        return tensor;
                    }
                }));
                for (Tensor tensor : real) {
                    assertEquals(0, tensor.storage().version(), tensor + " was modified");
                    tensor.storage().close();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void everyArgumentOfAnotherShapeOrTypeIsRefused(TestBackends candidate, Call call) {
        try (Backend backend = candidate.open()) {
            int arguments = count(backend, call);
            for (int wrong = 0; wrong < arguments; wrong++) {
                assertRefused(backend, call, wrong, (type, shape) -> {
                    int[] sizes = shape.toArray();
                    sizes[sizes.length - 1]++;
                    return backend.allocate(type, Shape.of(sizes));
                });
                assertRefused(backend, call, wrong, (type, shape) -> backend
                        .allocate(type == DataType.I32 ? DataType.F32 : DataType.I32, shape));
            }
        }
    }

    private interface Mistake {
        Tensor make(DataType type, Shape shape);
    }

    private static void assertRefused(Backend backend, Call call, int wrong, Mistake mistake) {
        List<Storage> storages = new ArrayList<>();
        Tensors tensors = new Tensors(backend) {
            @Override
            Tensor make(int index, DataType type, Shape shape) {
                Tensor tensor = index == wrong ? mistake.make(type, shape) : backend.allocate(type, shape);
                storages.add(tensor.storage());
                return tensor;
            }
        };
        String message = assertThrows(IllegalArgumentException.class, () -> call.body.run(backend, tensors),
                "argument " + wrong).getMessage();
        assertEquals(call.name, message.substring(0, Math.min(message.length(), call.name.length())));
        storages.forEach(Storage::close);
    }

    /** How many tensors a call takes. */
    private static int count(Backend backend, Call call) {
        try (ActivationMemory memory = new ActivationMemory(backend::allocate)) {
            Tensors tensors = new Tensors(backend) {
                @Override
                Tensor make(int index, DataType type, Shape shape) {
                    return memory.allocate(type, shape);
                }
            };
            memory.plan(() -> call.body.run(backend, tensors));
            return tensors.count;
        }
    }

    @Test
    void theMessageNamesOperationAndArgumentAndWhatItShouldBe() {
        Arguments arguments = new Arguments(DataType.BF16, DataType.F32);
        String message = assertThrows(IllegalArgumentException.class,
                () -> arguments.linearForward(LINEAR, tensor(DataType.BF16, 2, 3), tensor(DataType.F32, 3, 5),
                        tensor(DataType.F32, 5), tensor(DataType.BF16, 2, 5), tensor(DataType.BF16, 2, 5)))
                .getMessage();
        assertEquals("linear forward: weight must be F32(5, 3), but is F32(3, 5)", message);
    }

    private static Tensor tensor(DataType type, int... sizes) {
        return new Tensor(HostStorage.allocateHeap(1000), 0, type, Shape.of(sizes));
    }

    @Test
    void theGradientNormOfOtherThanParametersIsRefused() {
        Arguments arguments = new Arguments(DataType.BF16, DataType.F32);
        assertThrows(IllegalArgumentException.class, () -> arguments.gradientNorm(tensor(DataType.BF16, 5)));
        assertFalse(arguments.gradientNorm(tensor(DataType.F32, 5)));
    }
}
