package dev.culebra.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.OnDevice;
import org.junit.jupiter.api.AfterEach;

/**
 * A test on a GPU, or on the stand-in for one, with numbers of all types in device memory. What it allocates here is freed
 * after each test method.
 */
@SuppressWarnings("exports") // As in OnDevice.
public abstract class NumbersOnDevice extends OnDevice {
    private final Deque<DeviceMemory> allocated = new ArrayDeque<>();

    /** Nothing is allocated before a test method asks for it. */
    protected NumbersOnDevice() {}

    /** Frees what was allocated here, the latest first. */
    @AfterEach
    public void freeAll() {
        while (!allocated.isEmpty()) {
            allocated.pop().close();
        }
    }

    /** Device memory whose bits are all set, so that it holds NaN of whatever type. */
    protected DeviceMemory unwritten(long bytes) {
        DeviceMemory memory = pool.allocate(bytes, stream);
        allocated.push(memory);
        memory.fill((byte) -1, stream);
        return memory;
    }

    /** Device memory that holds these numbers, rounded to a type. */
    protected DeviceMemory numbers(DataType type, double... values) {
        DeviceMemory memory = unwritten((long) values.length * type.bytes());
        memory.write(encode(type, values), stream);
        return memory;
    }

    /** The numbers that device memory holds. */
    protected double[] numbers(DataType type, DeviceRegion region) {
        return switch (type) {
            case F32 -> {
                float[] floats = new float[elements(type, region)];
                region.read(MemorySegment.ofArray(floats), stream);
                double[] values = new double[floats.length];
                Arrays.setAll(values, i -> floats[i]);
                yield values;
            }
            case BF16 -> {
                short[] bits = new short[elements(type, region)];
                region.read(MemorySegment.ofArray(bits), stream);
                double[] values = new double[bits.length];
                Arrays.setAll(values, i -> BFloat16.toFloat(bits[i]));
                yield values;
            }
            case F64 -> {
                double[] values = new double[elements(type, region)];
                region.read(MemorySegment.ofArray(values), stream);
                yield values;
            }
            case I32 -> throw new IllegalArgumentException("no number with a fraction");
        };
    }

    /** The values that a type holds of these. */
    protected static double[] rounded(DataType type, double... values) {
        double[] rounded = values.clone();
        for (int i = 0; i < values.length; i++) {
            rounded[i] = switch (type) {
                case F32 -> (float) values[i];
                case BF16 -> BFloat16.toFloat(BFloat16.fromFloat((float) values[i]));
                case F64, I32 -> values[i];
            };
        }
        return rounded;
    }

    private static MemorySegment encode(DataType type, double[] values) {
        return switch (type) {
            case F32 -> {
                float[] floats = new float[values.length];
                for (int i = 0; i < values.length; i++) {
                    floats[i] = (float) values[i];
                }
                yield MemorySegment.ofArray(floats);
            }
            case BF16 -> {
                short[] bits = new short[values.length];
                for (int i = 0; i < values.length; i++) {
                    bits[i] = BFloat16.fromFloat((float) values[i]);
                }
                yield MemorySegment.ofArray(bits);
            }
            case F64 -> MemorySegment.ofArray(values);
            case I32 -> throw new IllegalArgumentException("no number with a fraction");
        };
    }

    private static int elements(DataType type, DeviceRegion region) {
        return Math.toIntExact(region.bytes() / type.bytes());
    }
}
