package dev.culebra.runtime.cublaslt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.Tolerance;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.Linear;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every epilogue, forward and backward, in every precision, against the reference backend's linear layer. */
class MatmulOnDeviceTest extends MatmulsOnDevice {
    private static final int[] AWKWARD = {1, 7, 31, 33, 257};

    private final Random random = new Random(42);
    private final ReferenceBackend reference = new ReferenceBackend();

    /** How a product is computed: fp32 to the letter, tf32, or bf16. */
    record Arithmetic(Precision precision, DataType type, ComputeType compute) {
        static final List<Arithmetic> ALL = List.of(
                new Arithmetic(Precision.FP32, DataType.F32, ComputeType.STRICT_F32),
                new Arithmetic(Precision.TF32, DataType.F32, ComputeType.TF32),
                new Arithmetic(Precision.BF16, DataType.BF16, ComputeType.F32));

        MatmulSpec spec(int m, int n, int k) {
            return MatmulSpec.of(MatmulShape.of(m, n, k), type, compute);
        }

        @Override
        public String toString() {
            return precision.label();
        }
    }

    /** Each epilogue of a kind, in each arithmetic, m, n and k each taking each awkward size. */
    private static Stream<Object[]> cases(Epilogue... epilogues) {
        List<Object[]> cases = new ArrayList<>();
        for (Arithmetic arithmetic : Arithmetic.ALL) {
            for (Epilogue epilogue : epilogues) {
                for (int i = 0; i < AWKWARD.length; i++) {
                    cases.add(new Object[] {arithmetic, epilogue, AWKWARD[i], AWKWARD[(i + 1) % AWKWARD.length],
                        AWKWARD[(i + 2) % AWKWARD.length]});
                }
            }
        }
        return cases.stream();
    }

    static Stream<Object[]> forwardCases() {
        return cases(Epilogue.NONE, Epilogue.BIAS, Epilogue.RELU, Epilogue.RELU_BIAS, Epilogue.RELU_MASK,
                Epilogue.RELU_MASK_BIAS, Epilogue.GELU, Epilogue.GELU_BIAS, Epilogue.GELU_KEEP,
                Epilogue.GELU_KEEP_BIAS);
    }

    /** A layer's forward pass: D (rows, outputs) = activation(x Wᵀ + b). */
    @ParameterizedTest
    @MethodSource("forwardCases")
    void forwardPass(Arithmetic arithmetic, Epilogue epilogue, int m, int n, int k) {
        DataType type = arithmetic.type;
        double[] x = gaussian(type, m * k, 1);
        double[] weight = gaussian(type, n * k, 1 / Math.sqrt(k));
        double[] bias = epilogue.vector() == Epilogue.Vector.BIAS ? gaussian(type, n, 1) : new double[n];
        Layer expected = layer(activation(epilogue), m, n, k).forward(x, weight, bias);
        MatmulSpec spec = arithmetic.spec(m, n, k).transposeB().with(epilogue);
        DeviceMemory d = unwritten(spec.bytesOfD());
        MatmulOperands operands = MatmulOperands.of(numbers(type, x), numbers(type, weight), d)
                .withVector(numbers(type, bias));
        DeviceMemory auxiliary = unwritten(Math.max(1, spec.auxiliaryBytes()));
        try (MatmulPlan plan = planOrAbort(spec)) {
            plan.execute(stream, operands.withAuxiliary(auxiliary), 1, 0, workspace);
        }
        Tolerance tolerance = tolerance(arithmetic, epilogue, k).ofSize(1);
        tolerance.assertClose("y", expected.y.toDoubles(), numbers(type, d));
        if (epilogue.auxiliary() == Epilogue.Auxiliary.PRE_ACTIVATION) {
            tolerance.assertClose("z", expected.z.toDoubles(),
                    rows(numbers(type, auxiliary), m, n, (int) spec.auxiliaryRowStride()));
        }
    }

    static Stream<Object[]> activationCases() {
        return cases(Epilogue.RELU_GRADIENT, Epilogue.RELU_BIAS_GRADIENT, Epilogue.GELU_GRADIENT,
                Epilogue.GELU_BIAS_GRADIENT);
    }

    /**
     * The next layer's backward pass down to this layer's z: D (rows, n) = (dy W) ⊙ activation'(z), and its sum over rows.
     * What z was comes from the forward epilogue on the device.
     */
    @ParameterizedTest
    @MethodSource("activationCases")
    void gradientThroughTheActivation(Arithmetic arithmetic, Epilogue epilogue, int m, int n, int k) {
        DataType type = arithmetic.type;
        boolean relu = epilogue.auxiliary() == Epilogue.Auxiliary.RELU_MASK;
        // Half-integers, which every arithmetic gets exactly: rounding cannot move one over the edge at 0.
        double[] x = relu ? halfIntegers(m, k) : gaussian(type, m * k, 1);
        double[] weight = relu ? signs(n, k) : gaussian(type, n * k, 1 / Math.sqrt(k));
        double[] dy = gaussian(type, m * k, 1);
        double[] nextWeight = gaussian(type, n * k, 1 / Math.sqrt(k));
        double[] product = layer(Activation.NONE, m, n, k).forward(dy, nextWeight, new double[n]).y.toDoubles();
        double[] z = layer(Activation.NONE, m, n, k).forward(x, weight, new double[n]).y.toDoubles();
        // Through a layer whose weight is the identity, dx is the gradient of z itself.
        Layer expected = layer(activation(epilogue), m, n, n).forward(z, identity(n), new double[n]).backward(product);

        MatmulSpec forward = arithmetic.spec(m, n, k).transposeB().with(relu ? Epilogue.RELU_MASK : Epilogue.GELU_KEEP);
        MatmulSpec backward = arithmetic.spec(m, n, k).transposeB().with(epilogue);
        DeviceMemory auxiliary = unwritten(forward.auxiliaryBytes());
        DeviceMemory y = unwritten(forward.bytesOfD());
        DeviceMemory dz = unwritten(backward.bytesOfD());
        DeviceMemory dBias = unwritten((long) n * type.bytes());
        try (MatmulPlan plan = planOrAbort(forward)) {
            plan.execute(stream, MatmulOperands.of(numbers(type, x), numbers(type, weight), y).withAuxiliary(auxiliary),
                    1,
                    0, workspace);
        }
        try (MatmulPlan plan = planOrAbort(backward)) {
            plan.execute(stream, MatmulOperands.of(numbers(type, dy), numbers(type, nextWeight), dz)
                    .withVector(dBias).withAuxiliary(auxiliary), 1, 0, workspace);
        }
        tolerance(arithmetic, epilogue, k).inSteps(2).ofSize(1).assertClose("dz", expected.dx.toDoubles(),
                numbers(type, dz));
        if (epilogue.vector() == Epilogue.Vector.BIAS_GRADIENT) {
            tolerance(arithmetic, epilogue, k + m).inSteps(2).ofSize(Math.sqrt(m)).assertClose("dBias",
                    expected.dBias.toDoubles(), numbers(type, dBias));
        }
    }

    static Stream<Object[]> parameterCases() {
        return cases(Epilogue.NONE, Epilogue.SUM_OF_A, Epilogue.SUM_OF_B);
    }

    /** The gradients of a layer's parameters: dW (n, k) = dyᵀ x, or (k, n) = xᵀ dy, with the sum of dy's m rows. */
    @ParameterizedTest
    @MethodSource("parameterCases")
    void gradientsOfTheParameters(Arithmetic arithmetic, Epilogue epilogue, int m, int n, int k) {
        DataType type = arithmetic.type;
        double[] x = gaussian(type, m * k, 1);
        double[] dy = gaussian(type, m * n, 1);
        Layer expected = layer(Activation.NONE, m, n, k).forward(x, new double[n * k], new double[n]).backward(dy);
        boolean transposed = epilogue == Epilogue.SUM_OF_B;
        MatmulSpec spec = (transposed ? arithmetic.spec(k, n, m) : arithmetic.spec(n, k, m)).transposeA()
                .with(epilogue);
        DeviceMemory dWeight = unwritten(spec.bytesOfD());
        DeviceMemory dBias = unwritten((long) n * type.bytes());
        DeviceMemory first = numbers(type, transposed ? x : dy);
        DeviceMemory second = numbers(type, transposed ? dy : x);
        try (MatmulPlan plan = planOrAbort(spec)) {
            plan.execute(stream, MatmulOperands.of(first, second, dWeight).withVector(dBias), 1, 0, workspace);
        }
        double[] found = numbers(type, dWeight);
        Tolerance tolerance = Tolerance.of(arithmetic.precision, m).ofSize(Math.sqrt(m));
        tolerance.assertClose("dWeight", expected.dWeight.toDoubles(), transposed ? transposed(found, k, n) : found);
        if (epilogue.vector() != Epilogue.Vector.NONE) {
            tolerance.assertClose("dBias", expected.dBias.toDoubles(), numbers(type, dBias));
        }
    }

    /** The library does not say how exact its tanh is: the device's own has an error of 2⁻¹¹ (PTX, tanh.approx.f32). */
    private static Tolerance tolerance(Arithmetic arithmetic, Epilogue epilogue, int terms) {
        boolean approximate = activation(epilogue) == Activation.GELU_TANH && arithmetic.precision == Precision.FP32;
        return Tolerance.of(approximate ? Precision.TF32 : arithmetic.precision, terms);
    }

    private static Activation activation(Epilogue epilogue) {
        return switch (epilogue) {
            case RELU, RELU_BIAS, RELU_MASK, RELU_MASK_BIAS, RELU_GRADIENT, RELU_BIAS_GRADIENT -> Activation.RELU;
            case GELU, GELU_BIAS, GELU_KEEP, GELU_KEEP_BIAS, GELU_GRADIENT, GELU_BIAS_GRADIENT -> Activation.GELU_TANH;
            case NONE, BIAS, SUM_OF_A, SUM_OF_B -> Activation.NONE;
        };
    }

    private Layer layer(Activation activation, int rows, int outputs, int inputs) {
        return new Layer(new LinearSpec(rows, inputs, outputs, activation));
    }

    /** The reference backend's linear layer with its tensors. */
    private final class Layer {
        private final LinearSpec spec;
        private final Tensor x;
        private final Tensor weight;
        private final Tensor y;
        private final Tensor z;
        private final Tensor dx;
        private final Tensor dWeight;
        private final Tensor dBias;

        Layer(LinearSpec spec) {
            this.spec = spec;
            x = zeros(spec.rows(), spec.inputSize());
            weight = zeros(spec.outputSize(), spec.inputSize());
            y = zeros(spec.rows(), spec.outputSize());
            z = spec.needsPreActivation() ? zeros(spec.rows(), spec.outputSize()) : y;
            dx = zeros(spec.rows(), spec.inputSize());
            dWeight = zeros(spec.outputSize(), spec.inputSize());
            dBias = zeros(spec.outputSize());
        }

        Layer forward(double[] ofX, double[] ofWeight, double[] ofBias) {
            x.set(ofX);
            weight.set(ofWeight);
            Tensor bias = zeros(spec.outputSize());
            bias.set(ofBias);
            try (Linear linear = reference.linear(spec)) {
                linear.forward(x, weight, bias, z, y);
            }
            return this;
        }

        Layer backward(double[] ofDy) {
            Tensor dy = zeros(spec.rows(), spec.outputSize());
            dy.set(ofDy);
            try (Linear linear = reference.linear(spec)) {
                linear.backward(x, weight, z, y, dy, dx, dWeight, dBias);
            }
            return this;
        }

        private Tensor zeros(int... sizes) {
            return reference.allocate(DataType.F64, Shape.of(sizes));
        }
    }

    private double[] gaussian(DataType type, int elements, double deviation) {
        double[] values = new double[elements];
        Arrays.setAll(values, i -> deviation * random.nextGaussian());
        return rounded(type, values);
    }

    /** Rows that begin with 1/2 and go on with integers from -2 to 2. */
    private double[] halfIntegers(int rows, int columns) {
        double[] values = new double[rows * columns];
        Arrays.setAll(values, i -> i % columns == 0 ? 0.5 : random.nextInt(-2, 3));
        return values;
    }

    /** 1 and -1. */
    private double[] signs(int rows, int columns) {
        double[] values = new double[rows * columns];
        Arrays.setAll(values, i -> random.nextBoolean() ? 1 : -1);
        return values;
    }

    private static double[] identity(int size) {
        double[] values = new double[size * size];
        for (int i = 0; i < size; i++) {
            values[i * size + i] = 1;
        }
        return values;
    }

    private static double[] transposed(double[] matrix, int rows, int columns) {
        double[] result = new double[matrix.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result[j * rows + i] = matrix[i * columns + j];
            }
        }
        return result;
    }

    /** A matrix whose rows lie apart, without what is between them. */
    private static double[] rows(double[] padded, int rows, int columns, int rowStride) {
        double[] result = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(padded, i * rowStride, result, i * columns, columns);
        }
        return result;
    }
}
