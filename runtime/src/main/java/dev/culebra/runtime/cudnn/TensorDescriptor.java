package dev.culebra.runtime.cudnn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.NativeObject;
import dev.culebra.runtime.Shape;

/** The sizes, element type and layout of a tensor, as cuDNN is told of them or tells them. It needs no GPU. */
public final class TensorDescriptor extends NativeObject {
    private TensorDescriptor() {
        super(Cudnn.create("cudnnCreateTensorDescriptor", cudnn::cudnnCreateTensorDescriptor));
    }

    /** A descriptor that a function of cuDNN fills in. */
    static TensorDescriptor empty() {
        return new TensorDescriptor();
    }

    /**
     * Contiguous and row-major.
     *
     * @throws CudnnException if cuDNN has no such tensor: it wants from 2 to 8 axes
     * @throws IllegalArgumentException if the strides do not fit into an {@code int}, as cuDNN takes them
     */
    public static TensorDescriptor rowMajor(DataType type, Shape shape) {
        int[] sizes = shape.toArray();
        int[] strides = rowMajorStrides(shape);
        TensorDescriptor descriptor = new TensorDescriptor();
        try (Arena arena = Arena.ofConfined()) {
            Cudnn.check("cudnnSetTensorNdDescriptor",
                    cudnn.cudnnSetTensorNdDescriptor(descriptor.handle(), Cudnn.type(type), sizes.length,
                            arena.allocateFrom(ValueLayout.JAVA_INT, sizes),
                            arena.allocateFrom(ValueLayout.JAVA_INT, strides)));
        } catch (Throwable failure) {
            descriptor.closeAfter(failure);
            throw failure;
        }
        return descriptor;
    }

    private static int[] rowMajorStrides(Shape shape) {
        int[] sizes = shape.toArray();
        int[] strides = new int[sizes.length];
        long stride = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            if (stride > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("cuDNN has no tensor as large as " + shape);
            }
            strides[axis] = (int) stride;
            stride *= sizes[axis];
        }
        return strides;
    }

    /** Its sizes, as cuDNN gives them back. */
    public Shape shape() {
        return Shape.of(read(true));
    }

    /** The distance, in elements, between neighbours along each axis, as cuDNN gives it back. */
    public int[] strides() {
        return read(false);
    }

    /** What cuDNN knows of it: the sizes, or else the strides. */
    private int[] read(boolean sizesAsked) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment type = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment rank = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment sizes = arena.allocate(ValueLayout.JAVA_INT, cudnn.CUDNN_DIM_MAX);
            MemorySegment strides = arena.allocate(ValueLayout.JAVA_INT, cudnn.CUDNN_DIM_MAX);
            Cudnn.check("cudnnGetTensorNdDescriptor", cudnn.cudnnGetTensorNdDescriptor(handle(),
                    cudnn.CUDNN_DIM_MAX, type, rank, sizes, strides));
            MemorySegment asked = sizesAsked ? sizes : strides;
            return asked.asSlice(0, (long) rank.get(ValueLayout.JAVA_INT, 0) * Integer.BYTES)
                    .toArray(ValueLayout.JAVA_INT);
        }
    }

    @Override
    protected void destroy(MemorySegment handle) {
        Cudnn.check("cudnnDestroyTensorDescriptor", cudnn.cudnnDestroyTensorDescriptor(handle));
    }
}
