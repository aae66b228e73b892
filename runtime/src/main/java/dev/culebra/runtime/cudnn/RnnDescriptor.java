package dev.culebra.runtime.cudnn;

import java.lang.foreign.MemorySegment;

import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.NativeObject;

/** A network, without the sequences it runs over. It needs no GPU. */
public final class RnnDescriptor extends NativeObject {
    private RnnDescriptor() {
        super(Cudnn.create("cudnnCreateRNNDescriptor", cudnn::cudnnCreateRNNDescriptor));
    }

    /**
     * Describes a network.
     *
     * @throws CudnnException if cuDNN has no such network
     */
    public static RnnDescriptor create(RnnSpec spec) {
        RnnDescriptor descriptor = new RnnDescriptor();
        try {
            RnnSpec.Size size = spec.size();
            int status = cudnn.cudnnSetRNNDescriptor_v8(descriptor.handle(), spec.algorithm().code(),
                    cudnn.CUDNN_LSTM, cudnn.CUDNN_RNN_DOUBLE_BIAS, cudnn.CUDNN_UNIDIRECTIONAL,
                    cudnn.CUDNN_LINEAR_INPUT, Cudnn.type(spec.arithmetic().dataType()),
                    Cudnn.type(spec.arithmetic().mathPrecision()), spec.arithmetic().mathType(), size.inputSize(),
                    size.hiddenSize(), size.projectionSize(), size.layers(), MemorySegment.NULL,
                    spec.layout().flags());
            if (status != cudnn.CUDNN_STATUS_SUCCESS) {
                throw Cudnn.failure("cudnnSetRNNDescriptor_v8", status, spec.toString());
            }
        } catch (Throwable failure) {
            descriptor.closeAfter(failure);
            throw failure;
        }
        return descriptor;
    }

    @Override
    protected void destroy(MemorySegment handle) {
        Cudnn.check("cudnnDestroyRNNDescriptor", cudnn.cudnnDestroyRNNDescriptor(handle));
    }
}
