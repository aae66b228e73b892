package dev.culebra.runtime.standin;

import java.util.List;
import java.util.Random;

import dev.culebra.bindings.cublaslt.cublasLt;
import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.Tolerance;
import dev.culebra.runtime.cublas.CublasException;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.Linear;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.runtime.operation.Lstm;
import dev.culebra.runtime.operation.LstmSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What the operations of {@code cuda} ask of the libraries: passes over memory that they save do not show in results. */
class CudaCallsTest {
    private static final int ROWS = 33;
    private static final int IN = 31;
    private static final String PRODUCT = "cublasLtMatmul(";
    private static final String KERNEL = "cuLaunchKernel(";
    private static final String HEURISTIC = "cublasLtMatmulAlgoGetHeuristic";

    private final OwnedParts owned = new OwnedParts();
    private final Random random = new Random(42);

    @BeforeAll
    static void device() {
        StandIn.activate();
    }

    @BeforeEach
    void requireLog() {
        assumeTrue(StandIn.isActive(), "skipped: only the stand-in keeps a log of calls");
    }

    @AfterEach
    void free() {
        StandIn.failNone();
        owned.close();
    }

    private Backend open(Precision precision) {
        return owned.own(Backends.open("cuda", precision));
    }

    private static long calls(String start) {
        return StandIn.callLog().stream().filter(call -> call.startsWith(start)).count();
    }

    private Tensor tensor(Backend backend, DataType type, int... sizes) {
        Tensor tensor = backend.allocate(type, Shape.of(sizes));
        owned.own(tensor.storage());
        tensor.set(random.doubles(tensor.elements(), -1, 1).toArray());
        return tensor;
    }

    /** A linear layer with all its tensors, of the same numbers each time. */
    private final class Layer {
        private final Linear linear;
        private final Tensor x;
        private final Tensor weight;
        private final Tensor bias;
        private final Tensor z;
        private final Tensor y;
        private final Tensor dy;
        private final Tensor dx;
        private final Tensor dWeight;
        private final Tensor dBias;

        Layer(Backend backend, int out, Activation activation) {
            random.setSeed(42);
            linear = owned.own(backend.linear(new LinearSpec(ROWS, IN, out, activation)));
            DataType type = backend.activationType();
            x = tensor(backend, type, ROWS, IN);
            weight = tensor(backend, DataType.F32, out, IN);
            bias = tensor(backend, DataType.F32, out);
            y = tensor(backend, type, ROWS, out);
            z = linear.spec().needsPreActivation() ? tensor(backend, type, ROWS, out) : y;
            dy = tensor(backend, type, ROWS, out);
            dx = tensor(backend, type, ROWS, IN);
            dWeight = tensor(backend, DataType.F32, out, IN);
            dBias = tensor(backend, DataType.F32, out);
        }

        void forward() {
            linear.forward(x, weight, bias, z, y);
        }

        void backward() {
            linear.backward(x, weight, z, y, dy, dx, dWeight, dBias);
        }
    }

    @ParameterizedTest
    @CsvSource({"FP32, NONE, 40, 0", "FP32, RELU, 40, 1", "BF16, RELU, 40, 1", "BF16, GELU, 40, 1",
        "FP32, GELU_TANH, 40, 1", "TF32, GELU_TANH, 40, 0", "BF16, GELU_TANH, 40, 0", "BF16, GELU_TANH, 33, 1"})
    void aForwardPassIsOneProductAndAKernelWhereTheLibrarysActivationWillNotDo(Precision precision,
            Activation activation, int out, int kernels) {
        Layer layer = new Layer(open(precision), out, activation);
        layer.forward(); // In bf16, the first also converts the parameters.
        StandIn.clearCallLog();
        layer.forward();
        assertEquals(1, calls(PRODUCT));
        assertEquals(kernels, calls(KERNEL));
    }

    @ParameterizedTest
    @EnumSource
    void aBackwardPassIsTwoProductsAndTheActivationsKernel(Activation activation) {
        Layer layer = new Layer(open(Precision.FP32), 40, activation);
        layer.forward();
        StandIn.clearCallLog();
        layer.backward();
        assertEquals(2, calls(PRODUCT));
        assertEquals(activation == Activation.NONE ? 0 : 1, calls(KERNEL));
    }

    @Test
    void whatTheDeviceDoesNotHaveIsDoneByKernels() {
        Backend backend = open(Precision.TF32);
        Layer whole = new Layer(backend, 40, Activation.GELU_TANH);
        whole.forward();
        whole.backward();
        // The first plan is the forward product with its epilogue, the fourth the weight's gradient with its own.
        StandIn.failNext(HEURISTIC, cublasLt.CUBLAS_STATUS_NOT_SUPPORTED, 0);
        StandIn.failNext(HEURISTIC, cublasLt.CUBLAS_STATUS_NOT_SUPPORTED, 2);
        Layer apart = new Layer(backend, 40, Activation.GELU_TANH);
        StandIn.clearCallLog();
        apart.forward();
        apart.backward();
        assertEquals(3, calls(PRODUCT));
        assertEquals(4, calls(KERNEL), "GELU, its gradient, and sums of columns in two steps");
        Tolerance tolerance = Tolerance.of(Precision.TF32, IN + 40 + ROWS).inSteps(2);
        tolerance.assertClose("y", whole.y.toDoubles(), apart.y.toDoubles());
        tolerance.assertClose("z", whole.z.toDoubles(), apart.z.toDoubles());
        tolerance.assertClose("dx", whole.dx.toDoubles(), apart.dx.toDoubles());
        tolerance.assertClose("dWeight", whole.dWeight.toDoubles(), apart.dWeight.toDoubles());
        tolerance.assertClose("dBias", whole.dBias.toDoubles(), apart.dBias.toDoubles());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void anyOtherFailureOfAPlanIsReported(int after) {
        Backend backend = open(Precision.TF32);
        StandIn.failNext(HEURISTIC, cublasLt.CUBLAS_STATUS_INTERNAL_ERROR, after);
        LinearSpec spec = new LinearSpec(ROWS, IN, 40, Activation.GELU_TANH);
        CublasException failure = assertThrows(CublasException.class, () -> backend.linear(spec));
        assertEquals(cublasLt.CUBLAS_STATUS_INTERNAL_ERROR, failure.status());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5})
    void anInferenceIsOneOfCudnnAndKeepsNothing(double dropout) {
        Backend backend = open(Precision.FP32);
        Lstm lstm = owned.own(backend.lstm(new LstmSpec(2, 3, 7, 5, 3, dropout, 42)));
        assertTrue(lstm.inferenceReserveShape().elements() < lstm.reserveShape().elements());
        Tensor x = tensor(backend, DataType.F32, 2, 3, 7);
        Tensor states = tensor(backend, DataType.F32, 3, 2, 5);
        Tensor parameters = tensor(backend, DataType.F32, Math.toIntExact(lstm.parameterElements()));
        Tensor y = tensor(backend, DataType.F32, 2, 3, 5);
        Tensor finalHidden = tensor(backend, DataType.F32, 3, 2, 5);
        Tensor finalCell = tensor(backend, DataType.F32, 3, 2, 5);
        Tensor reserve = tensor(backend, DataType.F32, lstm.inferenceReserveShape().toArray());
        StandIn.clearCallLog();
        lstm.infer(x, states, states, parameters, y, finalHidden, finalCell, reserve);
        List<String[]> passes = StandIn.callLog().stream().filter(call -> call.startsWith("cudnnRNNForward("))
                .map(call -> call.replaceAll(".*\\(|\\)", "").split(", ")).toList();
        assertEquals(dropout == 0 ? 1 : 3, passes.size());
        for (String[] arguments : passes) {
            assertEquals(Integer.toString(cudnn.CUDNN_FWD_MODE_INFERENCE), arguments[2]);
            assertEquals("0", arguments[arguments.length - 2], "bytes of reserve");
        }
        assertEquals(0, calls(KERNEL), "no masks");
    }
}
