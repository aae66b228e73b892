package dev.culebra.runtime.cpu;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.onednn.MemoryDescriptor;
import dev.culebra.runtime.onednn.Primitive;
import dev.culebra.runtime.onednn.Primitives;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.LayerNorm;
import dev.culebra.runtime.operation.LayerNormSpec;
import dev.culebra.runtime.operation.OwningOperation;

/** Layer normalisation through oneDNN, the residual sum before it. */
final class CpuLayerNorm extends OwningOperation implements LayerNorm {
    private final LayerNormSpec spec;
    private final Arguments arguments;
    private final Primitive add;
    private final Primitive normalise;
    private final Primitive gradient;

    CpuLayerNorm(CpuBackend backend, LayerNormSpec spec) {
        this.spec = spec;
        this.arguments = backend.arguments();
        try (MemoryDescriptor data = MemoryDescriptor.rowMajor(backend.activationType(), spec.rows(), spec.features());
                MemoryDescriptor statistics = MemoryDescriptor.rowMajor(DataType.F32, spec.rows())) {
            float epsilon = (float) spec.epsilon();
            add = own(Primitives.add(backend.engine(), data));
            normalise = own(Primitives.layerNorm(backend.engine(), data, statistics, epsilon));
            gradient = own(
                    Primitives.layerNormBackward(backend.engine(), normalise, data, statistics, epsilon));
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    @Override
    public LayerNormSpec spec() {
        return spec;
    }

    @Override
    public void forward(Tensor x, Tensor residual, Tensor weight, Tensor bias, Tensor sum, Tensor statistics,
            Tensor y) {
        if (arguments.layerNormForward(spec, x, residual, weight, bias, sum, statistics, y)) {
            return;
        }
        if (spec.residual()) {
            add.at(dnnl.DNNL_ARG_SRC_0, x.address()).at(dnnl.DNNL_ARG_SRC_1, residual.address())
                    .at(dnnl.DNNL_ARG_DST, sum.address()).execute();
        }
        normalise.at(dnnl.DNNL_ARG_SRC, sum.address()).at(dnnl.DNNL_ARG_MEAN, statistics.address())
                .at(dnnl.DNNL_ARG_VARIANCE, variance(statistics)).at(dnnl.DNNL_ARG_SCALE, weight.address())
                .at(dnnl.DNNL_ARG_SHIFT, bias.address()).at(dnnl.DNNL_ARG_DST, y.address()).execute();
    }

    @Override
    public void backward(Tensor sum, Tensor statistics, Tensor weight, Tensor dy, Tensor dSum, Tensor dWeight,
            Tensor dBias) {
        if (arguments.layerNormBackward(spec, sum, statistics, weight, dy, dSum, dWeight, dBias)) {
            return;
        }
        gradient.at(dnnl.DNNL_ARG_SRC, sum.address()).at(dnnl.DNNL_ARG_MEAN, statistics.address())
                .at(dnnl.DNNL_ARG_VARIANCE, variance(statistics)).at(dnnl.DNNL_ARG_SCALE, weight.address())
                .at(dnnl.DNNL_ARG_DIFF_DST, dy.address()).at(dnnl.DNNL_ARG_DIFF_SRC, dSum.address())
                .at(dnnl.DNNL_ARG_DIFF_SCALE, dWeight.address()).at(dnnl.DNNL_ARG_DIFF_SHIFT, dBias.address())
                .execute();
    }

    /** The statistics are the means of all rows, then their variances. */
    private long variance(Tensor statistics) {
        return statistics.address() + (long) spec.rows() * Float.BYTES;
    }
}
