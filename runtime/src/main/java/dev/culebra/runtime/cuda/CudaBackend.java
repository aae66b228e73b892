package dev.culebra.runtime.cuda;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.DeviceMemoryUse;
import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Repetition;
import dev.culebra.runtime.Stopwatch;
import dev.culebra.runtime.Storage;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.cublas.CublasException;
import dev.culebra.runtime.cublaslt.ComputeType;
import dev.culebra.runtime.cublaslt.CublasLtHandle;
import dev.culebra.runtime.cublaslt.MatmulOperands;
import dev.culebra.runtime.cublaslt.MatmulPlan;
import dev.culebra.runtime.cublaslt.MatmulSpec;
import dev.culebra.runtime.cublaslt.Workspace;
import dev.culebra.runtime.cudnn.CudnnHandle;
import dev.culebra.runtime.driver.Context;
import dev.culebra.runtime.driver.CudaOutOfMemoryException;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.DeviceSlice;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Kernel;
import dev.culebra.runtime.driver.MemoryPool;
import dev.culebra.runtime.driver.MemoryPoolUsage;
import dev.culebra.runtime.driver.Stream;
import dev.culebra.runtime.nvrtc.KernelCache;
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
import dev.culebra.runtime.trial.Scratch;

import static dev.culebra.runtime.driver.ParameterType.LONG;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/** An NVIDIA GPU: all work on one stream, all memory from one pool. */
public final class CudaBackend implements Backend {
    /** What products may ask for: NVIDIA advises this for the newest devices. */
    private static final long WORKSPACE_BYTES = 32L << 20;
    /** What plans count on: parameters start at multiples of 64 bytes, and their copies in bfloat16 at half of that. */
    private static final int ADDRESS_ALIGNMENT = 32;

    private final OwnedParts owned = new OwnedParts();
    /** Looked up once: some are wanted in every step. */
    private final Map<Conversion, Kernel> conversions = new HashMap<>();
    private final Precision precision;
    private final Arguments arguments;
    private final Context context;
    private final Stream stream;
    private final MemoryPool pool;
    private final Kernels kernels;
    private final StepNumber stepNumber;
    private final Algorithms algorithms;
    private final Staging staging;
    private final DeviceMemoryMeter meter;
    private final boolean records;
    private Optional<Recording> recording = Optional.empty();
    private long tensorBytes;
    private Optional<CublasLtHandle> cublasLt = Optional.empty();
    private Optional<Workspace> workspace = Optional.empty();
    private Optional<CudnnHandle> cudnn = Optional.empty();

    private CudaBackend(Device device, Precision precision, boolean records, Trials trials) {
        this.precision = precision;
        this.records = records;
        this.arguments = new Arguments(activationType(), parameterType());
        try {
            context = owned.own(Context.of(device));
            meter = owned.own(new DeviceMemoryMeter(context));
            stream = owned.own(Stream.create(context));
            pool = owned.own(MemoryPool.create(context, MemoryPool.KEEP_ALL));
            kernels = owned.own(new Kernels(context, KernelCache.ofUser()));
            algorithms = new Algorithms(stream, pool, trials);
            stepNumber = new StepNumber(owned.own(pool.allocate(Long.BYTES, stream)), stream);
            staging = owned.own(new Staging(stream));
        } catch (Throwable failure) {
            owned.closeAfter(failure);
            throw failure;
        }
    }

    /**
     * Opens a GPU. Where operations are large, the libraries' algorithms for them are tried against one another once, and the
     * fastest is remembered; {@code -Dculebra.trials=false} leaves the choice to the libraries.
     *
     * @param ordinal its number, in the order of {@code CUDA_VISIBLE_DEVICES}
     * @param precision FP32 (to the letter, no TF32), TF32 or BF16
     * @param records whether {@linkplain #repeat repeated} work is recorded as a CUDA graph; else it is queued anew each time,
     *     which shows better where something fails
     * @throws IllegalArgumentException for another precision, or if there is no such device
     * @throws dev.culebra.bindings.MissingLibraryException if there is no driver
     * @throws dev.culebra.runtime.driver.CudaException if the driver does not work
     */
    public static CudaBackend open(int ordinal, Precision precision, boolean records) {
        return open(ordinal, precision, records, Trials.ofUser());
    }

    /** The same with trials as somebody wants them. */
    static CudaBackend open(int ordinal, Precision precision, boolean records, Trials trials) {
        if (precision == Precision.FP64) {
            throw new IllegalArgumentException("cuda computes in fp32, tf32 or bf16, not in fp64: choose --precision");
        }
        return new CudaBackend(Device.of(ordinal), precision, records, trials);
    }

    Algorithms algorithms() {
        return algorithms;
    }

    Kernels kernels() {
        return kernels;
    }

    Stream stream() {
        return stream;
    }

    Arguments arguments() {
        return arguments;
    }

    StepNumber stepNumber() {
        return stepNumber;
    }

    Staging staging() {
        return staging;
    }

    /** A storage that this backend gave is closed. */
    void returned(CudaStorage storage) {
        tensorBytes -= storage.bytes();
    }

    /** What is being recorded, or rehearsed. */
    Optional<Recording> recording() {
        return recording;
    }

    /** Runs {@code work}, of which {@code observer} hears. */
    void observe(Recording observer, Runnable work) {
        recording = Optional.of(observer);
        try {
            work.run();
        } finally {
            recording = Optional.empty();
        }
    }

    /** To be called by an operation that has queued work which modifies parameters. */
    void markModified(Tensor parameters) {
        CudaStorage storage = (CudaStorage) parameters.storage().owner();
        storage.markModified();
        recording.ifPresent(observer -> observer.modifies(storage));
    }

    /** cuDNN on this backend's stream, opened when it is first needed. */
    CudnnHandle cudnn() {
        if (cudnn.isEmpty()) {
            cudnn = Optional.of(owned.own(CudnnHandle.create(stream)));
        }
        return cudnn.get();
    }

    /** A plan for a product of this backend's tensors, its algorithm chosen. */
    MatmulPlan plan(MatmulSpec spec) {
        if (cublasLt.isEmpty()) {
            cublasLt = Optional.of(owned.own(CublasLtHandle.create(context)));
        }
        MatmulPlan plan = MatmulPlan.create(cublasLt.get(), spec, WORKSPACE_BYTES, ADDRESS_ALIGNMENT);
        try {
            algorithms.choose(plan, this::workspace);
        } catch (Throwable failure) {
            plan.closeAfter(failure);
            throw failure;
        }
        return plan;
    }

    /** The same where the device has it: not every epilogue goes with every type on every device. */
    Optional<MatmulPlan> planIfOffered(MatmulSpec spec) {
        try {
            return Optional.of(plan(spec));
        } catch (CublasException failure) {
            if (failure.isNotSupported()) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** What products work in: they run one after another. */
    Workspace workspace() {
        if (workspace.isEmpty()) {
            workspace = Optional.of(Workspace.of(owned.own(allocateMemory(WORKSPACE_BYTES))));
        }
        return workspace.get();
    }

    /** Queues a product. */
    void run(MatmulPlan plan, MatmulOperands operands) {
        plan.execute(stream, operands, 1, 0, workspace());
    }

    /** Memory for a trial. */
    Scratch scratch() {
        return new Scratch(pool, stream);
    }

    /** In which arithmetic products are computed. */
    ComputeType computeType() {
        return switch (precision) {
            case FP32 -> ComputeType.STRICT_F32;
            case TF32 -> ComputeType.TF32;
            case BF16, FP64 -> ComputeType.F32;
        };
    }

    /** Memory with undefined contents, the caller's to close before this backend. */
    DeviceMemory allocateMemory(long bytes) {
        return pool.allocate(bytes, stream);
    }

    /** The device memory of a tensor. */
    static DeviceSlice region(Tensor tensor) {
        return ((CudaStorage) tensor.storage().owner()).region(tensor.byteOffset(), tensor.bytes());
    }

    /** Parameters in the type that products take: the tensor itself, or its copy in bfloat16. */
    DeviceSlice operand(Tensor parameters) {
        return precision == Precision.BF16
                ? ((CudaStorage) parameters.storage().owner()).narrow(parameters.byteOffset(), parameters.bytes())
                : region(parameters);
    }

    /** Queues a conversion of so many numbers. */
    void convert(DataType fromType, DeviceRegion from, DataType toType, DeviceRegion to, long elements) {
        if (elements == 0) {
            return;
        }
        conversions.computeIfAbsent(new Conversion(fromType, toType), this::conversionKernel)
                .launch(CudaOperation.blocks(elements), Dim3.of(CudaOperation.THREADS)).set(0, elements).set(1, from)
                .set(2, to).launch(stream);
    }

    private Kernel conversionKernel(Conversion types) {
        return kernels.module("elementwise",
                Map.of("FROM", CudaOperation.typeName(types.from), "TO", CudaOperation.typeName(types.to)))
                .kernel("convert", LONG, POINTER, POINTER);
    }

    private record Conversion(DataType from, DataType to) {}

    @Override
    public String name() {
        return "cuda:" + context.device().ordinal();
    }

    @Override
    public String description() {
        Device device = context.device();
        return device.name() + ", compute capability " + device.computeCapability() + ", "
                + (device.totalMemory() >> 20) + " MiB";
    }

    @Override
    public Map<String, String> libraryVersions() {
        return LibraryVersions.ofThisBackend();
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public Storage allocate(long bytes) {
        try {
            CudaStorage storage = new CudaStorage(this, allocateMemory(Math.max(bytes, 1)));
            tensorBytes += storage.bytes();
            try {
                storage.fill(0, Math.max(bytes, 1), (byte) 0);
                return storage;
            } catch (Throwable failure) {
                try (storage) {
                    throw failure;
                }
            }
        } catch (CudaOutOfMemoryException exhausted) {
            OutOfMemoryError error = new OutOfMemoryError(exhausted.getMessage());
            error.initCause(exhausted);
            throw error;
        }
    }

    @Override
    public Linear linear(LinearSpec spec) {
        return new CudaLinear(this, spec);
    }

    @Override
    public LayerNorm layerNorm(LayerNormSpec spec) {
        return new CudaLayerNorm(this, spec);
    }

    @Override
    public Attention attention(AttentionSpec spec) {
        return new CudaAttention(this, spec);
    }

    @Override
    public CachedAttention cachedAttention(CachedAttentionSpec spec) {
        return new CudaCachedAttention(this, spec);
    }

    @Override
    public Lstm lstm(LstmSpec spec) {
        return new CudaLstm(this, spec);
    }

    @Override
    public Embedding embedding(EmbeddingSpec spec) {
        return new CudaEmbedding(this, spec);
    }

    @Override
    public LinearCrossEntropy linearCrossEntropy(LinearCrossEntropySpec spec) {
        return new CudaLinearCrossEntropy(this, spec);
    }

    @Override
    public Dropout dropout(DropoutSpec spec) {
        return new CudaDropout(this, spec);
    }

    @Override
    public Optimizer optimizer(OptimizerSpec spec, long elements) {
        return new CudaOptimizer(this, spec, elements);
    }

    @Override
    public GradientNorm gradientNorm() {
        return new CudaGradientNorm(this);
    }

    @Override
    public LossHistory lossHistory(LossHistorySpec spec) {
        return new CudaLossHistory(this, spec);
    }

    @Override
    public Repetition repeat(LongConsumer work) {
        return records ? new RecordedWork(this, work) : Backend.super.repeat(work);
    }

    @Override
    public Elementwise elementwise() {
        return new CudaElementwise(this);
    }

    @Override
    public long workspaceBytes() {
        MemoryPoolUsage usage = pool.usage();
        return usage.allocated() - usage.released() - tensorBytes;
    }

    @Override
    public OptionalLong availableBytes() {
        MemoryPoolUsage usage = pool.usage();
        return OptionalLong.of(context.memory().free() + usage.reserved() - usage.used());
    }

    @Override
    public Optional<DeviceMemoryUse> deviceMemory() {
        return Optional.of(meter.measure());
    }

    @Override
    public Map<String, String> choices() {
        return algorithms.choices().all();
    }

    @Override
    public void adopt(Map<String, String> choices) {
        algorithms.choices().adopt(choices);
    }

    @Override
    public void synchronize() {
        stream.synchronize();
    }

    @Override
    public Stopwatch stopwatch() {
        return new CudaStopwatch(stream);
    }

    @Override
    public void close() {
        owned.close();
    }
}
