package dev.culebra.runtime.reference;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Storage;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Attention;
import dev.culebra.runtime.operation.AttentionSpec;
import dev.culebra.runtime.operation.CachedAttention;
import dev.culebra.runtime.operation.CachedAttentionSpec;
import dev.culebra.runtime.operation.Dropout;
import dev.culebra.runtime.operation.DropoutSpec;
import dev.culebra.runtime.operation.Elementwise;
import dev.culebra.runtime.operation.Embedding;
import dev.culebra.runtime.operation.EmbeddingSpec;
import dev.culebra.runtime.operation.GradientNorm;
import dev.culebra.runtime.operation.HostLossHistory;
import dev.culebra.runtime.operation.LayerNorm;
import dev.culebra.runtime.operation.LayerNormSpec;
import dev.culebra.runtime.operation.Linear;
import dev.culebra.runtime.operation.LinearCrossEntropy;
import dev.culebra.runtime.operation.LinearCrossEntropySpec;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.runtime.operation.LossHistory;
import dev.culebra.runtime.operation.LossHistorySpec;
import dev.culebra.runtime.operation.Lstm;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.Optimizer;
import dev.culebra.runtime.operation.OptimizerSpec;

/**
 * Plain Java in double precision on one thread, each operation written as its formulas stand: the oracle of every test,
 * and what runs where nothing native loads.
 *
 * <p>Tensors lie on the Java heap. An operation copies its tensors into arrays, computes, and copies the results back.
 */
public final class ReferenceBackend implements Backend {
    private final Arguments arguments = new Arguments(DataType.F64, DataType.F64);
    private final String remark;

    /** Holds no resources. */
    public ReferenceBackend() {
        this.remark = "";
    }

    /** Says in its description why it stands in for the backend that was asked for. */
    public ReferenceBackend(String reason) {
        this.remark = " (" + reason + ")";
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String description() {
        return "plain Java, double precision, one thread" + remark;
    }

    @Override
    public Precision precision() {
        return Precision.FP64;
    }

    @Override
    public Storage allocate(long bytes) {
        return HostStorage.allocateHeap(bytes);
    }

    @Override
    public Linear linear(LinearSpec spec) {
        return new ReferenceLinear(spec, arguments);
    }

    @Override
    public LayerNorm layerNorm(LayerNormSpec spec) {
        return new ReferenceLayerNorm(spec, arguments);
    }

    @Override
    public Attention attention(AttentionSpec spec) {
        return new ReferenceAttention(spec, arguments);
    }

    @Override
    public CachedAttention cachedAttention(CachedAttentionSpec spec) {
        return new ReferenceCachedAttention(spec, arguments);
    }

    @Override
    public Lstm lstm(LstmSpec spec) {
        return new ReferenceLstm(spec, arguments);
    }

    @Override
    public Embedding embedding(EmbeddingSpec spec) {
        return new ReferenceEmbedding(spec, arguments);
    }

    @Override
    public LinearCrossEntropy linearCrossEntropy(LinearCrossEntropySpec spec) {
        return new ReferenceLinearCrossEntropy(spec, arguments);
    }

    @Override
    public Dropout dropout(DropoutSpec spec) {
        return new ReferenceDropout(spec, arguments);
    }

    @Override
    public Optimizer optimizer(OptimizerSpec spec, long elements) {
        return new ReferenceOptimizer(spec, elements, arguments);
    }

    @Override
    public GradientNorm gradientNorm() {
        return new ReferenceGradientNorm(arguments);
    }

    @Override
    public LossHistory lossHistory(LossHistorySpec spec) {
        return new HostLossHistory(spec, arguments);
    }

    @Override
    public Elementwise elementwise() {
        return new ReferenceElementwise(arguments);
    }

    /** Nothing: operations compute in arrays that they forget. */
    @Override
    public long workspaceBytes() {
        return 0;
    }

    @Override
    public void synchronize() {}

    @Override
    public void close() {}
}
