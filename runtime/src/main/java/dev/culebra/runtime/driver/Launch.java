package dev.culebra.runtime.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.NativeObject;

/**
 * A kernel with its launch shape and its arguments. Everything was checked and allocated when it was made: setting arguments
 * and launching allocate nothing in Java. Arguments keep their values from launch to launch, and are copied by a launch:
 * they may be set again at once.
 *
 * <p>Memory given as a {@link DeviceRegion} is checked at each launch to be open, and kept open by a graph that captures the
 * launch; an address is the caller's business. One thread at a time.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__EXEC.html, {@code cuLaunchKernel}.
 */
public final class Launch {
    /** The owner of an argument that is not memory of an object. */
    private static final NativeObject NOTHING = null;

    private final Kernel kernel;
    private final Context context;
    private final Dim3 grid;
    private final Dim3 block;
    private final int dynamicSharedMemory;
    private final ParameterType[] types;
    /** Where each argument lies in {@link #values}. */
    private final long[] offsets;
    /** What must be open for the argument to be valid, or null. */
    private final NativeObject[] owners;
    private final boolean[] set;
    private final MemorySegment values;
    /** One pointer into {@link #values} for each argument, as {@code cuLaunchKernel} takes them. */
    private final MemorySegment pointers;
    private int missing;

    Launch(Kernel kernel, Dim3 grid, Dim3 block, int dynamicSharedMemory) {
        this.kernel = kernel;
        this.grid = grid;
        this.block = block;
        this.dynamicSharedMemory = dynamicSharedMemory;
        context = kernel.module().context();
        types = kernel.parameters().toArray(ParameterType[]::new);
        offsets = new long[types.length];
        owners = new NativeObject[types.length];
        set = new boolean[types.length];
        missing = types.length;
        long bytes = 0;
        long alignment = Long.BYTES;
        for (int index = 0; index < types.length; index++) {
            offsets[index] = Math.ceilDiv(bytes, types[index].alignment()) * types[index].alignment();
            bytes = offsets[index] + types[index].bytes();
            alignment = Math.max(alignment, types[index].alignment());
        }
        // Freed with this object: it is small, and nothing of the driver's refers to it after a launch.
        Arena arena = Arena.ofAuto();
        values = arena.allocate(Math.max(bytes, 1), alignment);
        pointers = arena.allocate(ValueLayout.ADDRESS, Math.max(types.length, 1));
        for (int index = 0; index < types.length; index++) {
            pointers.setAtIndex(ValueLayout.ADDRESS, index, values.asSlice(offsets[index]));
        }
    }

    /** The kernel. */
    public Kernel kernel() {
        return kernel;
    }

    /** How many threads each block has. */
    public Dim3 block() {
        return block;
    }

    /** How many bytes of shared memory each block has beside what the kernel declares. */
    public int dynamicSharedMemory() {
        return dynamicSharedMemory;
    }

    /** Sets a {@link ParameterType#POINTER} to the start of a region. */
    public Launch set(int index, DeviceRegion region) {
        context.requireSame(region.context(), "the memory");
        requireType(index, ParameterType.POINTER);
        values.set(ValueLayout.JAVA_LONG, offsets[index], region.address());
        return set(index, region.owner());
    }

    /** Sets a {@link ParameterType#POINTER} to an address, 0 for none; that it is valid is the caller's business. */
    public Launch setAddress(int index, long address) {
        requireType(index, ParameterType.POINTER);
        values.set(ValueLayout.JAVA_LONG, offsets[index], address);
        return set(index, NOTHING);
    }

    /** Sets an {@link ParameterType#INT}. */
    public Launch set(int index, int value) {
        requireType(index, ParameterType.INT);
        values.set(ValueLayout.JAVA_INT, offsets[index], value);
        return set(index, NOTHING);
    }

    /** Sets a {@link ParameterType#LONG}. */
    public Launch set(int index, long value) {
        requireType(index, ParameterType.LONG);
        values.set(ValueLayout.JAVA_LONG, offsets[index], value);
        return set(index, NOTHING);
    }

    /** Sets a {@link ParameterType#FLOAT}. */
    public Launch set(int index, float value) {
        requireType(index, ParameterType.FLOAT);
        values.set(ValueLayout.JAVA_FLOAT, offsets[index], value);
        return set(index, NOTHING);
    }

    /** Sets a {@link ParameterType#DOUBLE}. */
    public Launch set(int index, double value) {
        requireType(index, ParameterType.DOUBLE);
        values.set(ValueLayout.JAVA_DOUBLE, offsets[index], value);
        return set(index, NOTHING);
    }

    /** Sets a parameter of any type to these bytes, which are copied. */
    public Launch set(int index, MemorySegment value) {
        Objects.checkIndex(index, types.length);
        if (value.byteSize() != types[index].bytes()) {
            throw new IllegalArgumentException("argument " + index + " of kernel " + kernel.name() + " is a "
                    + types[index].name() + " of " + types[index].bytes() + " bytes, not " + value.byteSize());
        }
        MemorySegment.copy(value, 0, values, offsets[index], value.byteSize());
        return set(index, NOTHING);
    }

    /** The argument has its value, and so much must be open for it: only now, since a failure leaves it as it was. */
    private Launch set(int index, NativeObject owner) {
        owners[index] = owner;
        if (!set[index]) {
            set[index] = true;
            missing--;
        }
        return this;
    }

    private void requireType(int index, ParameterType type) {
        Objects.checkIndex(index, types.length);
        if (types[index] != type && !types[index].equals(type)) {
            throw new IllegalArgumentException("argument " + index + " of kernel " + kernel.name() + " is a "
                    + types[index].name() + ", not a " + type.name());
        }
    }

    /**
     * Queues the kernel.
     *
     * @throws IllegalStateException if an argument was never set, or the memory or the module is closed
     * @throws IllegalArgumentException if the stream belongs to another device
     * @throws CudaException if the driver refuses; a failure of the kernel itself is reported by a later call
     */
    public void launch(Stream stream) {
        if (missing > 0) {
            throw new IllegalStateException(
                    missing + " of " + types.length + " arguments of " + kernel + " are not set");
        }
        MemorySegment function = kernel.handle();
        stream.use(context, "the kernel");
        for (NativeObject owner : owners) {
            if (owner != null) {
                owner.handle();
            }
        }
        kernel.module().users().add(stream);
        int status = cuda.cuLaunchKernel(function, grid.x(), grid.y(), grid.z(), block.x(), block.y(), block.z(),
                dynamicSharedMemory, stream.handle(), pointers, MemorySegment.NULL);
        if (status != cuda.CUDA_SUCCESS) {
            throw CudaDriver.failure("cuLaunchKernel", status,
                    "kernel " + kernel.name() + ", grid " + grid + ", block " + block);
        }
        if (stream.isCapturing()) {
            stream.keep(kernel.module());
            for (NativeObject owner : owners) {
                if (owner != null) {
                    stream.keep(owner);
                }
            }
        }
    }
}
