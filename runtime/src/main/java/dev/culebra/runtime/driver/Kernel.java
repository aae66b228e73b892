package dev.culebra.runtime.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

import dev.culebra.bindings.MissingSymbolException;
import dev.culebra.bindings.cuda.cuda;

/**
 * A function of a {@link Module} that runs on the device, with the types of its parameters. It owns nothing and throws when
 * the module is closed.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__EXEC.html and {@code group__CUDA__OCCUPANCY.html}.
 */
public final class Kernel {
    private final Module module;
    private final String name;
    private final MemorySegment handle;
    private final List<ParameterType> parameters;

    Kernel(Module module, String name, MemorySegment handle, List<ParameterType> parameters) {
        this.module = module;
        this.name = name;
        this.handle = handle;
        this.parameters = parameters;
        checkParameters();
    }

    /** Compares the parameters declared with those that the image has. */
    private void checkParameters() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment offset = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
            for (int index = 0; index <= parameters.size(); index++) {
                int status = parameterInfo(index, offset, size);
                if (status == cuda.CUDA_ERROR_NOT_SUPPORTED) {
                    return;
                }
                boolean has = status == cuda.CUDA_SUCCESS;
                if (!has && status != cuda.CUDA_ERROR_INVALID_VALUE) {
                    throw CudaDriver.failure("cuFuncGetParamInfo", status);
                }
                if (has != index < parameters.size()) {
                    throw new IllegalArgumentException("kernel " + name + " has " + (has ? "more than " : "only ")
                            + index + " parameters, but " + parameters.size() + " were declared");
                }
                if (has && size.get(ValueLayout.JAVA_LONG, 0) != parameters.get(index).bytes()) {
                    throw new IllegalArgumentException("parameter " + index + " of kernel " + name + " has "
                            + size.get(ValueLayout.JAVA_LONG, 0) + " bytes, but was declared as "
                            + parameters.get(index).name() + " of " + parameters.get(index).bytes());
                }
            }
        }
    }

    private int parameterInfo(int index, MemorySegment offset, MemorySegment size) {
        try {
            return cuda.cuFuncGetParamInfo(handle, index, offset, size);
        } catch (MissingSymbolException olderDriver) {
            return cuda.CUDA_ERROR_NOT_SUPPORTED;
        }
    }

    /** Its name in the module. */
    public String name() {
        return name;
    }

    /** The module it is from. */
    public Module module() {
        return module;
    }

    /** The types of its parameters, as declared. */
    public List<ParameterType> parameters() {
        return parameters;
    }

    /**
     * The driver's {@code CUfunction}.
     *
     * @throws IllegalStateException if the module is closed
     */
    public MemorySegment handle() {
        module.handle();
        return handle;
    }

    /** How many registers a thread takes. */
    public int registers() {
        return attribute(cuda.CU_FUNC_ATTRIBUTE_NUM_REGS);
    }

    /** How many bytes of shared memory a block takes beside what a launch adds. */
    public int staticSharedMemory() {
        return attribute(cuda.CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES);
    }

    /** How many bytes of local memory a thread takes, registers that were spilled among them. */
    public int localMemory() {
        return attribute(cuda.CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES);
    }

    /** How many threads a block of it can have. */
    public int maxThreadsPerBlock() {
        return attribute(cuda.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK);
    }

    /** Any other fact. {@code attribute} is a {@code CU_FUNC_ATTRIBUTE_…} of the driver API. */
    public int attribute(int attribute) {
        module.context().makeCurrent();
        return CudaDriver.getInt("cuFuncGetAttribute", out -> cuda.cuFuncGetAttribute(out, attribute, handle()));
    }

    /**
     * How many blocks fit on one multiprocessor at the same time.
     *
     * @param threads threads of a block
     * @param dynamicSharedMemory bytes of shared memory that a launch adds for a block
     */
    public int blocksPerMultiprocessor(int threads, int dynamicSharedMemory) {
        allowSharedMemory(dynamicSharedMemory);
        return CudaDriver.getInt("cuOccupancyMaxActiveBlocksPerMultiprocessor",
                out -> cuda.cuOccupancyMaxActiveBlocksPerMultiprocessor(out, handle(), threads, dynamicSharedMemory));
    }

    /**
     * A way of launching it: shape and arguments. Arguments are set once or before each launch.
     *
     * @param grid how many blocks
     * @param block how many threads a block has
     * @param dynamicSharedMemory bytes of shared memory for a block beside what the kernel declares; the device's limit
     *     counts, not the smaller one that kernels have without asking
     * @throws IllegalArgumentException if the device or the kernel cannot
     */
    public Launch launch(Dim3 grid, Dim3 block, int dynamicSharedMemory) {
        Device device = module.context().device();
        grid.check("the grid", device.maxGrid());
        block.check("the block", device.maxBlock());
        if (block.count() > maxThreadsPerBlock()) {
            throw new IllegalArgumentException("kernel " + name + " can have " + maxThreadsPerBlock()
                    + " threads in a block here, not " + block.count());
        }
        allowSharedMemory(dynamicSharedMemory);
        return new Launch(this, grid, block, dynamicSharedMemory);
    }

    /** The same without dynamic shared memory. */
    public Launch launch(Dim3 grid, Dim3 block) {
        return launch(grid, block, 0);
    }

    /** Raises the kernel's limit of dynamic shared memory, if this needs more and the device has it. */
    private void allowSharedMemory(int dynamic) {
        int limit = module.context().device().maxSharedMemoryPerBlock() - staticSharedMemory();
        if (dynamic < 0 || dynamic > limit) {
            throw new IllegalArgumentException("kernel " + name + " can have 0 to " + limit
                    + " bytes of dynamic shared memory on this device, not " + dynamic);
        }
        if (dynamic > attribute(cuda.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES)) {
            CudaDriver.check("cuFuncSetAttribute", cuda.cuFuncSetAttribute(handle(),
                    cuda.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, dynamic));
        }
    }

    /** Its name and parameters, as C writes them. */
    @Override
    public String toString() {
        return name + parameters.stream().map(ParameterType::name).toList();
    }
}
