package dev.culebra.runtime.cuda;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.DeviceSlice;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.OwningOperation;

/** Base of this backend's operations. */
abstract class CudaOperation extends OwningOperation {
    /** Threads of a block where nothing speaks for another number. */
    static final int THREADS = 256;
    /** As much as a thread reads at once. */
    private static final int LARGEST_ACCESS = 16;
    /** More blocks than any device runs at once: threads of larger tensors take several elements each. */
    private static final long MOST_BLOCKS = 1 << 14;

    final CudaBackend backend;
    final Arguments arguments;

    CudaOperation(CudaBackend backend) {
        this.backend = backend;
        this.arguments = backend.arguments();
    }

    /** The device memory of a tensor. */
    final DeviceSlice region(Tensor tensor) {
        return CudaBackend.region(tensor);
    }

    /** Device memory that this operation owns. */
    final DeviceMemory workspace(long bytes) {
        return own(backend.allocateMemory(bytes));
    }

    /** The C++ name of the activations' type. */
    final String activation() {
        return typeName(backend.activationType());
    }

    /** The C++ name of a type. */
    static String typeName(DataType type) {
        return switch (type) {
            case F32 -> "float";
            case BF16 -> "bf16";
            case F64 -> "double";
            case I32 -> "int";
        };
    }

    /** How many elements of rows of this width can be read at once, of the widest of these types. */
    static int vector(int width, DataType... types) {
        int bytes = 1;
        for (DataType type : types) {
            bytes = Math.max(bytes, type.bytes());
        }
        int vector = LARGEST_ACCESS / bytes;
        while (width % vector != 0) {
            vector /= 2;
        }
        return vector;
    }

    /** Blocks for a thread per element, or fewer where there are very many. */
    static Dim3 blocks(long elements) {
        return Dim3.of((int) Math.min(Math.ceilDiv(elements, THREADS), MOST_BLOCKS));
    }

    /** The blocks of a grid that covers so many elements with blocks of {@link #THREADS}, whatever their number. */
    static Dim3 allBlocks(long elements) {
        return Dim3.of(Math.toIntExact(Math.ceilDiv(elements, THREADS)));
    }
}
