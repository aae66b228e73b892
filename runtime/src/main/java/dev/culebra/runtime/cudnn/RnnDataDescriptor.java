package dev.culebra.runtime.cudnn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.NativeObject;

/**
 * A batch of sequences of vectors. It needs no GPU: cuDNN 9 takes the lengths from the host alone. Where an output is
 * padded, cuDNN fills the padding with zeros.
 */
public final class RnnDataDescriptor extends NativeObject {
    private RnnDataDescriptor() {
        super(Cudnn.create("cudnnCreateRNNDataDescriptor", cudnn::cudnnCreateRNNDataDescriptor));
    }

    /**
     * Describes a batch.
     *
     * @param vectorSize the width of each vector
     * @throws CudnnException if the sequences of a packed batch are not sorted, the longest first, or the first is not as
     *     long as there is room for
     */
    public static RnnDataDescriptor create(DataType type, RnnDataLayout layout, RnnSequences sequences,
            int vectorSize) {
        RnnDataDescriptor descriptor = new RnnDataDescriptor();
        try (Arena arena = Arena.ofConfined()) {
            int[] lengths = sequences.lengths().stream().mapToInt(Integer::intValue).toArray();
            MemorySegment zero = arena.allocate(ValueLayout.JAVA_DOUBLE);
            Cudnn.check("cudnnSetRNNDataDescriptor",
                    cudnn.cudnnSetRNNDataDescriptor(descriptor.handle(), Cudnn.type(type), layout.code(),
                            sequences.longest(), sequences.batch(), vectorSize,
                            arena.allocateFrom(ValueLayout.JAVA_INT, lengths), zero));
        } catch (Throwable failure) {
            descriptor.closeAfter(failure);
            throw failure;
        }
        return descriptor;
    }

    @Override
    protected void destroy(MemorySegment handle) {
        Cudnn.check("cudnnDestroyRNNDataDescriptor", cudnn.cudnnDestroyRNNDataDescriptor(handle));
    }
}
