package dev.culebra.runtime.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

import dev.culebra.bindings.cuda.cuda;

/**
 * A GPU, or the part of one that this process may use. It owns nothing; asking it needs no context. Two are equal if they
 * have the same ordinal.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__DEVICE.html.
 */
public final class Device {
    private static final int NAME_BYTES = 256;
    private static final int UUID_BYTES = 16;

    private final int ordinal;
    private final int handle;

    private Device(int ordinal) {
        this.ordinal = ordinal;
        handle = CudaDriver.getInt("cuDeviceGet", out -> cuda.cuDeviceGet(out, ordinal));
    }

    /**
     * How many devices this process sees.
     *
     * @throws dev.culebra.bindings.MissingLibraryException if there is no driver
     * @throws CudaException if the driver does not work, or finds no device
     */
    public static int count() {
        CudaDriver.initialize();
        return CudaDriver.getInt("cuDeviceGetCount", cuda::cuDeviceGetCount);
    }

    /**
     * The device of this number, counted from 0 in the order of {@code CUDA_VISIBLE_DEVICES}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Device of(int ordinal) {
        int count = count();
        if (ordinal < 0 || ordinal >= count) {
            throw new IllegalArgumentException("there is no device " + ordinal + ": this process sees " + count);
        }
        return new Device(ordinal);
    }

    /** All devices that this process sees. */
    public static List<Device> all() {
        return IntStream.range(0, count()).mapToObj(Device::new).toList();
    }

    /** Its number, counted from 0. */
    public int ordinal() {
        return ordinal;
    }

    /** The driver's {@code CUdevice}. */
    public int handle() {
        return handle;
    }

    /** The name that its maker gave it. */
    public String name() {
        return string("cuDeviceGetName", out -> cuda.cuDeviceGetName(out, NAME_BYTES, handle));
    }

    /** Its place on the bus, such as {@code 0000:17:00.0}. */
    public String pciBusId() {
        return string("cuDeviceGetPCIBusId", out -> cuda.cuDeviceGetPCIBusId(out, NAME_BYTES, handle));
    }

    /** What names it on every machine, as nvidia-smi writes it: {@code GPU-} and a UUID. */
    public String uuid() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(UUID_BYTES);
            CudaDriver.check("cuDeviceGetUuid_v2", cuda.cuDeviceGetUuid_v2(out, handle));
            String digits = HexFormat.of().formatHex(out.toArray(ValueLayout.JAVA_BYTE));
            return "GPU-" + digits.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
        }
    }

    /** Its memory in bytes. */
    public long totalMemory() {
        return CudaDriver.getLong("cuDeviceTotalMem_v2", out -> cuda.cuDeviceTotalMem_v2(out, handle));
    }

    /** What its hardware can do. */
    public ComputeCapability computeCapability() {
        return new ComputeCapability(attribute(cuda.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
                attribute(cuda.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
    }

    /** How many multiprocessors (SMs) it has. */
    public int multiprocessors() {
        return attribute(cuda.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    }

    /** How many threads run in step. */
    public int warpSize() {
        return attribute(cuda.CU_DEVICE_ATTRIBUTE_WARP_SIZE);
    }

    /** How many threads a block can have. */
    public int maxThreadsPerBlock() {
        return attribute(cuda.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK);
    }

    /** How many threads a block can have along each axis. */
    public Dim3 maxBlock() {
        return new Dim3(attribute(cuda.CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X),
                attribute(cuda.CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y),
                attribute(cuda.CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z));
    }

    /** How many blocks a grid can have along each axis. */
    public Dim3 maxGrid() {
        return new Dim3(attribute(cuda.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X),
                attribute(cuda.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y),
                attribute(cuda.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z));
    }

    /** How many bytes of shared memory, static and dynamic, a block can have if its kernel asks for them. */
    public int maxSharedMemoryPerBlock() {
        return attribute(cuda.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN);
    }

    /** The size of its second-level cache in bytes. */
    public int l2CacheBytes() {
        return attribute(cuda.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE);
    }

    /** How many bytes a second its memory can move at most: two transfers a clock over the whole bus. */
    public double memoryBandwidth() {
        return 2e3 * attribute(cuda.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE)
                * (attribute(cuda.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH) / (double) Byte.SIZE);
    }

    /** Whether it has stream-ordered memory, which {@link MemoryPool} needs. */
    public boolean hasMemoryPools() {
        return attribute(cuda.CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED) != 0;
    }

    /** Any other fact. {@code attribute} is a {@code CU_DEVICE_ATTRIBUTE_…} of the driver API. */
    public int attribute(int attribute) {
        return CudaDriver.getInt("cuDeviceGetAttribute", out -> cuda.cuDeviceGetAttribute(out, attribute, handle));
    }

    private static String string(String function, ToIntFunction<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(NAME_BYTES);
            CudaDriver.check(function, call.applyAsInt(out));
            return out.getString(0);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Device device && device.ordinal == ordinal;
    }

    @Override
    public int hashCode() {
        return ordinal;
    }

    /** Number, name and compute capability. */
    @Override
    public String toString() {
        return "device " + ordinal + " (" + name() + ", compute capability " + computeCapability() + ")";
    }
}
