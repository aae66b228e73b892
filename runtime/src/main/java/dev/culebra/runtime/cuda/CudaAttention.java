package dev.culebra.runtime.cuda;

import java.util.Map;

import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.operation.Attention;
import dev.culebra.runtime.operation.AttentionSpec;

import static dev.culebra.runtime.driver.ParameterType.FLOAT;
import static dev.culebra.runtime.driver.ParameterType.INT;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/** Causal attention that never stores its weights: {@code attention.cu}. */
final class CudaAttention extends CudaOperation implements Attention {
    /** The largest head for which tiles and sums fit. */
    static final int LARGEST_HEAD = 128;

    private static final int TILE = 64;
    private static final int WARPS = 4;

    private final AttentionSpec spec;
    private final float scale;
    private final DeviceMemory dots;
    private final Launch forward;
    private final Launch dotProducts;
    private final Launch backwardQueries;
    private final Launch backwardKeys;
    private final Launch weights;

    CudaAttention(CudaBackend backend, AttentionSpec spec) {
        super(backend);
        if (spec.headSize() > LARGEST_HEAD) {
            throw new IllegalArgumentException(
                    "cuda has attention for heads up to a size of " + LARGEST_HEAD + ", not " + spec.headSize());
        }
        this.spec = spec;
        this.scale = (float) spec.scale();
        try {
            int rows = Math.multiplyExact(Math.multiplyExact(spec.batch(), spec.sequenceLength()), spec.heads());
            dots = workspace((long) rows * Float.BYTES);
            Module module = backend.kernels().module("attention",
                    Map.of("PRECISION", backend.precision().name(), "ACTIVATION", activation(), "HEAD",
                            spec.headSize(), "VECTOR", vector(spec.headSize(), backend.activationType())));
            Dim3 tiles = new Dim3(Math.ceilDiv(spec.sequenceLength(), TILE), spec.heads(), spec.batch());
            Dim3 block = Dim3.of(32 * WARPS);
            forward = module.kernel("attention_forward", INT, INT, FLOAT, POINTER, POINTER, POINTER).launch(tiles,
                    block, sharedBytes(3, 1, 0));
            dotProducts = module.kernel("attention_dots", INT, INT, INT, POINTER, POINTER, POINTER)
                    .launch(Dim3.of(Math.ceilDiv(rows, WARPS)), block);
            backwardQueries = module
                    .kernel("attention_backward_queries", INT, INT, FLOAT, POINTER, POINTER, POINTER, POINTER, POINTER)
                    .launch(tiles, block, sharedBytes(4, 1, 2));
            backwardKeys = module
                    .kernel("attention_backward_keys", INT, INT, FLOAT, POINTER, POINTER, POINTER, POINTER, POINTER)
                    .launch(tiles, block, sharedBytes(4, 2, 2));
            weights = module.kernel("attention_weights", INT, INT, FLOAT, POINTER, POINTER).launch(
                    new Dim3(spec.sequenceLength(), spec.heads(), spec.batch()), Dim3.of(32),
                    Math.multiplyExact(spec.sequenceLength(), Float.BYTES));
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /** Tiles of (64, head size) and of (64, 64), with the padding that the source gives them, and numbers for 64 rows. */
    private int sharedBytes(int tiles, int squares, int numbers) {
        int pad = backend.precision() == Precision.BF16 ? 8 : 4;
        int depth = Math.ceilDiv(spec.headSize(), 16) * 16;
        int elements = TILE * (tiles * (depth + pad) + squares * (TILE + pad));
        return elements * backend.activationType().bytes() + numbers * TILE * Float.BYTES;
    }

    @Override
    public AttentionSpec spec() {
        return spec;
    }

    @Override
    public void forward(Tensor queriesKeysValues, Tensor logSumExp, Tensor output) {
        if (arguments.attentionForward(spec, queriesKeysValues, logSumExp, output)) {
            return;
        }
        forward.set(0, spec.sequenceLength()).set(1, spec.heads()).set(2, scale).set(3, region(queriesKeysValues))
                .set(4, region(logSumExp)).set(5, region(output)).launch(backend.stream());
    }

    @Override
    public void backward(Tensor queriesKeysValues, Tensor logSumExp, Tensor output, Tensor dOutput,
            Tensor dQueriesKeysValues) {
        if (arguments.attentionBackward(spec, queriesKeysValues, logSumExp, output, dOutput, dQueriesKeysValues)) {
            return;
        }
        dotProducts.set(0, spec.batch() * spec.sequenceLength() * spec.heads()).set(1, spec.sequenceLength())
                .set(2, spec.heads()).set(3, region(output)).set(4, region(dOutput)).set(5, dots)
                .launch(backend.stream());
        for (Launch half : new Launch[] {backwardQueries, backwardKeys}) {
            half.set(0, spec.sequenceLength()).set(1, spec.heads()).set(2, scale).set(3, region(queriesKeysValues))
                    .set(4, region(logSumExp)).set(5, dots).set(6, region(dOutput)).set(7, region(dQueriesKeysValues))
                    .launch(backend.stream());
        }
    }

    @Override
    public void weights(Tensor queriesKeysValues, Tensor weights) {
        if (arguments.attentionWeights(spec, queriesKeysValues, weights)) {
            return;
        }
        this.weights.set(0, spec.sequenceLength()).set(1, spec.heads()).set(2, scale)
                .set(3, region(queriesKeysValues)).set(4, region(weights)).launch(backend.stream());
    }
}
