package dev.culebra.runtime.cpu;

import java.util.Map;
import java.util.OptionalLong;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.HostMemory;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Storage;
import dev.culebra.runtime.onednn.Engine;
import dev.culebra.runtime.onednn.OneDnn;
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

/** All cores of this machine, through oneDNN. */
public final class CpuBackend implements Backend {
    private final Precision precision;
    private final Arguments arguments;
    private final Engine engine;
    private final ParallelLoop loop;
    private final String remark;

    private CpuBackend(Precision precision, Engine engine, String remark) {
        this.precision = precision;
        this.remark = remark;
        this.engine = engine;
        this.arguments = new Arguments(activationType(), parameterType());
        this.loop = new ParallelLoop(Runtime.getRuntime().availableProcessors());
    }

    /**
     * Opens the CPU.
     *
     * @param precision FP32, or BF16 where oneDNN trains in it, which is fast where there are bfloat16 instructions
     * @throws IllegalArgumentException for another precision
     * @throws dev.culebra.bindings.MissingLibraryException if oneDNN is not to be found
     */
    public static CpuBackend open(Precision precision) {
        return create(precision, "");
    }

    /** The same, which says in its description why it stands in for the backend that was asked for. */
    public static CpuBackend open(Precision precision, String reason) {
        return create(precision, " (" + reason + ")");
    }

    private static CpuBackend create(Precision precision, String remark) {
        if (precision != Precision.FP32 && precision != Precision.BF16) {
            throw new IllegalArgumentException(
                    "the cpu computes in fp32 or bf16, not in " + precision.label() + ": choose --precision");
        }
        OpenMp.prepare();
        if (precision == Precision.BF16 && !OneDnn.trainsInBfloat16()) {
            throw new IllegalArgumentException("the cpu trains in bf16 only where it has AVX-512, which this processor "
                    + "lacks or ONEDNN_MAX_CPU_ISA forbids: choose --precision fp32");
        }
        return new CpuBackend(precision, Engine.cpu(), remark);
    }

    Engine engine() {
        return engine;
    }

    ParallelLoop loop() {
        return loop;
    }

    Arguments arguments() {
        return arguments;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        String mismatch = OneDnn.version().equals(OneDnn.headerVersion())
                ? ""
                : " (bindings are of " + OneDnn.headerVersion() + ")";
        return "oneDNN " + OneDnn.version() + mismatch + ", " + loop.threads() + " threads" + remark;
    }

    @Override
    public Map<String, String> libraryVersions() {
        return Map.of("oneDNN", OneDnn.version());
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public Storage allocate(long bytes) {
        return HostStorage.allocateNative(bytes);
    }

    @Override
    public Linear linear(LinearSpec spec) {
        return new CpuLinear(this, spec);
    }

    @Override
    public LayerNorm layerNorm(LayerNormSpec spec) {
        return new CpuLayerNorm(this, spec);
    }

    @Override
    public Attention attention(AttentionSpec spec) {
        return new CpuAttention(this, spec);
    }

    @Override
    public CachedAttention cachedAttention(CachedAttentionSpec spec) {
        return new CpuCachedAttention(this, spec);
    }

    @Override
    public Lstm lstm(LstmSpec spec) {
        return new CpuLstm(this, spec);
    }

    @Override
    public Embedding embedding(EmbeddingSpec spec) {
        return new CpuEmbedding(this, spec);
    }

    @Override
    public LinearCrossEntropy linearCrossEntropy(LinearCrossEntropySpec spec) {
        return new CpuLinearCrossEntropy(this, spec);
    }

    @Override
    public Dropout dropout(DropoutSpec spec) {
        return new CpuDropout(this, spec);
    }

    @Override
    public Optimizer optimizer(OptimizerSpec spec, long elements) {
        return new CpuOptimizer(this, spec, elements);
    }

    @Override
    public GradientNorm gradientNorm() {
        return new CpuGradientNorm(this);
    }

    @Override
    public LossHistory lossHistory(LossHistorySpec spec) {
        return new HostLossHistory(spec, arguments);
    }

    @Override
    public Elementwise elementwise() {
        return new CpuElementwise(this);
    }

    @Override
    public long workspaceBytes() {
        return engine.workspaceBytes();
    }

    @Override
    public OptionalLong availableBytes() {
        return HostMemory.availableBytes();
    }

    /** Nothing to wait for: every call returns when its result is there. */
    @Override
    public void synchronize() {}

    @Override
    public void close() {
        loop.close();
        engine.close();
    }
}
