package dev.culebra.runtime.cuda;

import java.util.Optional;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.cublaslt.Epilogue;
import dev.culebra.runtime.cublaslt.MatmulOperands;
import dev.culebra.runtime.cublaslt.MatmulPlan;
import dev.culebra.runtime.cublaslt.MatmulShape;
import dev.culebra.runtime.cublaslt.MatmulSpec;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.runtime.trial.Contender;
import dev.culebra.runtime.trial.Scratch;

/**
 * dW = dzᵀ x and db, the column sums of dz: by one product, which reads all of dz anyway, or by a product and
 * {@link ColumnSums}.
 */
final class ParameterGradients extends CudaOperation implements FusedOrApart {
    private final LinearSpec spec;
    private final MatmulPlan product;
    /** Where the product does not give them. */
    private final Optional<ColumnSums> sums;

    /** Takes the plan over. */
    private ParameterGradients(CudaBackend backend, LinearSpec spec, MatmulPlan product) {
        super(backend);
        this.spec = spec;
        this.product = own(product);
        try {
            sums = product.spec().epilogue() == Epilogue.SUM_OF_A
                    ? Optional.empty()
                    : Optional.of(own(new ColumnSums(backend, spec.rows(), spec.outputSize())));
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /** The faster way. */
    static ParameterGradients fastest(CudaBackend backend, LinearSpec spec) {
        MatmulSpec product = MatmulSpec.of(MatmulShape.of(spec.outputSize(), spec.inputSize(), spec.rows()),
                backend.activationType(), backend.computeType()).transposeA().output(DataType.F32);
        return FusedOrApart.fastest(backend, backend.planIfOffered(product.with(Epilogue.SUM_OF_A))
                .map(plan -> new ParameterGradients(backend, spec, plan)),
                () -> new ParameterGradients(backend, spec, backend.plan(product)));
    }

    @Override
    public MatmulPlan product() {
        return product;
    }

    /** Queues both; overwrites dWeight and dBias. */
    void run(DeviceRegion dz, DeviceRegion x, DeviceRegion dWeight, DeviceRegion dBias) {
        backend.run(product, MatmulOperands.of(dz, x, dWeight).withVector(dBias));
        sums.ifPresent(each -> each.sum(dz, dBias));
    }

    @Override
    public Contender in(Scratch scratch) {
        DataType type = backend.activationType();
        DeviceRegion dz = scratch.read(type, (long) spec.rows() * spec.outputSize());
        DeviceRegion x = scratch.read(type, (long) spec.rows() * spec.inputSize());
        DeviceRegion dWeight = scratch.written(DataType.F32, (long) spec.outputSize() * spec.inputSize());
        DeviceRegion dBias = scratch.written(DataType.F32, spec.outputSize());
        return scratch.contender(() -> run(dz, x, dWeight, dBias));
    }
}
