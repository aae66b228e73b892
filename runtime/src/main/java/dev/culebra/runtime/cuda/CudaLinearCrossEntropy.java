package dev.culebra.runtime.cuda;

import java.util.Map;
import java.util.Optional;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.cublaslt.Epilogue;
import dev.culebra.runtime.cublaslt.MatmulOperands;
import dev.culebra.runtime.cublaslt.MatmulPlan;
import dev.culebra.runtime.cublaslt.MatmulShape;
import dev.culebra.runtime.cublaslt.MatmulSpec;
import dev.culebra.runtime.cublaslt.MatrixLayout;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.DeviceSlice;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.driver.ParameterType;
import dev.culebra.runtime.operation.LinearCrossEntropy;
import dev.culebra.runtime.operation.LinearCrossEntropySpec;
import dev.culebra.runtime.operation.OwningOperation;

import static dev.culebra.runtime.driver.ParameterType.INT;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/**
 * The classifier and its loss, a chunk of rows at a time: products through cuBLASLt, the rest {@code linear_cross_entropy.cu}.
 * One buffer holds a chunk's logits in single precision, another its softmax in the activations' type; both are one where
 * that is single precision too.
 */
final class CudaLinearCrossEntropy extends CudaOperation implements LinearCrossEntropy {
    /** More rows make the products no faster, and fewer make less memory do. */
    private static final int CHUNK_ROWS = 1024;
    /** Rows of logits start at multiples of 256 bytes. */
    private static final int ALIGNMENT = 128;
    private static final int ROW_THREADS = 512;

    private final LinearCrossEntropySpec spec;
    private final int stride;
    private final DeviceMemory logits;
    private final DeviceMemory softmax;
    private final DeviceMemory targetGradients;
    private final Optional<DeviceMemory> scaledHidden;
    private final Module module;
    private final Chunk whole;
    private final Optional<Chunk> rest;

    CudaLinearCrossEntropy(CudaBackend backend, LinearCrossEntropySpec spec) {
        super(backend);
        this.spec = spec;
        this.stride = Math.ceilDiv(spec.vocabulary(), ALIGNMENT) * ALIGNMENT;
        int rows = Math.min(CHUNK_ROWS, spec.rows());
        DataType type = backend.activationType();
        try {
            logits = workspace((long) rows * stride * Float.BYTES);
            softmax = type == DataType.F32 ? logits : workspace((long) rows * stride * type.bytes());
            targetGradients = workspace((long) rows * Float.BYTES);
            scaledHidden = spec.learnTable()
                    ? Optional.of(workspace((long) rows * spec.width() * type.bytes()))
                    : Optional.empty();
            module = backend.kernels().module("linear_cross_entropy",
                    Map.of("ACTIVATION", activation(), "WIDTH", spec.width(), "THREADS", ROW_THREADS));
            whole = own(new Chunk(rows));
            rest = spec.rows() % rows == 0 ? Optional.empty() : Optional.of(own(new Chunk(spec.rows() % rows)));
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /** What computes some number of rows. */
    private final class Chunk extends OwningOperation {
        final int rows;
        final MatmulPlan logitsOfHidden;
        final MatmulPlan hiddenGradient;
        final Optional<MatmulPlan> tableGradient;
        final Launch losses;
        final Launch lossesAndSoftmax;
        final Launch addTargets;
        final Launch prepareTableGradient;
        final Launch logSoftmax;

        Chunk(int rows) {
            this.rows = rows;
            int width = spec.width();
            int vocabulary = spec.vocabulary();
            DataType type = backend.activationType();
            MatrixLayout hidden = MatrixLayout.contiguous(type, false, rows, width);
            MatrixLayout table = MatrixLayout.contiguous(type, false, vocabulary, width);
            MatrixLayout tableTransposed = MatrixLayout.contiguous(type, true, width, vocabulary);
            MatrixLayout scores = new MatrixLayout(DataType.F32, false, stride, 0);
            MatrixLayout gradient = new MatrixLayout(type, false, stride, 0);
            MatrixLayout gradientTransposed = new MatrixLayout(type, true, stride, 0);
            try {
                logitsOfHidden = own(backend.plan(new MatmulSpec(MatmulShape.of(rows, vocabulary, width), hidden,
                        tableTransposed, scores, backend.computeType(), Epilogue.NONE)));
                hiddenGradient = own(backend.plan(new MatmulSpec(MatmulShape.of(rows, width, vocabulary), gradient,
                        table, hidden, backend.computeType(), Epilogue.NONE)));
                tableGradient = spec.learnTable()
                        ? Optional.of(own(backend.plan(new MatmulSpec(MatmulShape.of(vocabulary, width, rows),
                                gradientTransposed, hidden, MatrixLayout.contiguous(DataType.F32, false, vocabulary,
                                        width),
                                backend.computeType(), Epilogue.NONE))))
                        : Optional.empty();
                losses = perRow("losses", INT, INT, POINTER, POINTER, POINTER, POINTER);
                lossesAndSoftmax = perRow("losses_and_softmax", INT, INT, POINTER, POINTER, POINTER, POINTER, POINTER,
                        POINTER);
                addTargets = perRow("add_targets", POINTER, POINTER, POINTER, POINTER, POINTER);
                prepareTableGradient = perRow("prepare_table_gradient", INT, POINTER, POINTER, POINTER, POINTER,
                        POINTER,
                        POINTER);
                logSoftmax = perRow("log_softmax", INT, INT, POINTER, POINTER);
            } catch (Throwable failure) {
                closeAfter(failure);
                throw failure;
            }
        }

        private Launch perRow(String kernel, ParameterType... parameters) {
            return module.kernel(kernel, parameters).launch(Dim3.of(rows), Dim3.of(ROW_THREADS),
                    ROW_THREADS / 32 * 2 * Float.BYTES);
        }

        void computeLogits(DeviceSlice hidden, DeviceSlice table) {
            logitsOfHidden.execute(backend.stream(), MatmulOperands.of(hidden, table, logits), 1, 0,
                    backend.workspace());
        }
    }

    @Override
    public LinearCrossEntropySpec spec() {
        return spec;
    }

    @Override
    public void forward(Tensor hidden, Tensor table, Tensor targets, Tensor weights, Tensor nll) {
        if (arguments.lossForward(spec, hidden, table, targets, weights, nll)) {
            return;
        }
        for (int row = 0; row < spec.rows(); row += whole.rows) {
            Chunk chunk = chunkAt(row);
            chunk.computeLogits(rows(hidden, row, chunk), backend.operand(table));
            chunk.losses.set(0, spec.vocabulary()).set(1, stride).set(2, logits).set(3, rows(targets, row, chunk))
                    .set(4, rows(weights, row, chunk)).set(5, rows(nll, row, chunk)).launch(backend.stream());
        }
    }

    @Override
    public void forwardBackward(Tensor hidden, Tensor table, Tensor targets, Tensor weights, Tensor nll, Tensor dHidden,
            Tensor dTable) {
        if (arguments.lossForwardBackward(spec, hidden, table, targets, weights, nll, dHidden, dTable)) {
            return;
        }
        DeviceSlice operand = backend.operand(table);
        for (int row = 0; row < spec.rows(); row += whole.rows) {
            Chunk chunk = chunkAt(row);
            DeviceSlice ids = rows(targets, row, chunk);
            DeviceSlice factors = rows(weights, row, chunk);
            DeviceSlice states = rows(hidden, row, chunk);
            DeviceSlice gradient = rows(dHidden, row, chunk);
            chunk.computeLogits(states, operand);
            chunk.lossesAndSoftmax.set(0, spec.vocabulary()).set(1, stride).set(2, logits).set(3, ids).set(4, factors)
                    .set(5, rows(nll, row, chunk)).set(6, softmax).set(7, targetGradients).launch(backend.stream());
            chunk.hiddenGradient.execute(backend.stream(), MatmulOperands.of(softmax, operand, gradient), 1, 0,
                    backend.workspace());
            chunk.addTargets.set(0, ids).set(1, factors).set(2, targetGradients).set(3, region(table)).set(4, gradient)
                    .launch(backend.stream());
            if (spec.learnTable()) {
                addTableGradient(chunk, row, states, ids, factors, region(dTable));
            }
        }
    }

    /** The first chunk overwrites the gradient of the table, the others add to it. */
    private void addTableGradient(Chunk chunk, int row, DeviceSlice states, DeviceSlice ids, DeviceSlice factors,
            DeviceSlice dTable) {
        DeviceMemory scaled = scaledHidden.orElseThrow();
        chunk.prepareTableGradient.set(0, stride).set(1, ids).set(2, factors).set(3, targetGradients).set(4, states)
                .set(5, softmax).set(6, scaled).launch(backend.stream());
        chunk.tableGradient.orElseThrow().execute(backend.stream(), MatmulOperands.of(softmax, scaled, dTable), 1,
                row == 0 ? 0 : 1, backend.workspace());
    }

    @Override
    public void logProbabilities(Tensor hidden, Tensor table, Tensor logProbabilities) {
        if (arguments.logProbabilities(spec, hidden, table, logProbabilities)) {
            return;
        }
        for (int row = 0; row < spec.rows(); row += whole.rows) {
            Chunk chunk = chunkAt(row);
            chunk.computeLogits(rows(hidden, row, chunk), backend.operand(table));
            chunk.logSoftmax.set(0, spec.vocabulary()).set(1, stride).set(2, logits)
                    .set(3, rows(logProbabilities, row, chunk)).launch(backend.stream());
        }
    }

    private Chunk chunkAt(int row) {
        return spec.rows() - row >= whole.rows ? whole : rest.orElseThrow();
    }

    /** The rows of a chunk, of a tensor of (rows) or (rows, columns). */
    private DeviceSlice rows(Tensor tensor, int first, Chunk chunk) {
        long bytesOfRow = tensor.bytes() / spec.rows();
        return region(tensor).slice(first * bytesOfRow, chunk.rows * bytesOfRow);
    }
}
