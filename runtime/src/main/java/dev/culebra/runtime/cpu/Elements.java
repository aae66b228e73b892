package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;

import dev.culebra.runtime.BFloat16;
import dev.culebra.runtime.DataType;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

/**
 * Runs of elements in single precision or bfloat16, computed in single precision, through {@link Scratch}. Offsets count
 * elements.
 */
final class Elements {
    private Elements() {}

    static float get(MemorySegment segment, DataType type, long index) {
        return switch (type) {
            case F32 -> segment.getAtIndex(JAVA_FLOAT, index);
            case BF16 -> BFloat16.toFloat(segment.getAtIndex(JAVA_SHORT, index));
            default -> throw unsupported(type);
        };
    }

    static void set(MemorySegment segment, DataType type, long index, float value) {
        switch (type) {
            case F32 -> segment.setAtIndex(JAVA_FLOAT, index, value);
            case BF16 -> segment.setAtIndex(JAVA_SHORT, index, BFloat16.fromFloat(value));
            default -> throw unsupported(type);
        }
    }

    /** values[0..count) ← source. */
    static void read(DataType type, MemorySegment source, long offset, float[] values, int count) {
        switch (type) {
            case F32 -> MemorySegment.copy(source, JAVA_FLOAT, offset * Float.BYTES, values, 0, count);
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = BFloat16.toFloat(source.getAtIndex(JAVA_SHORT, offset + i));
                }
            }
            default -> throw unsupported(type);
        }
    }

    /** target ← values[0..count). */
    static void write(DataType type, float[] values, int count, MemorySegment target, long offset) {
        switch (type) {
            case F32 -> MemorySegment.copy(values, 0, target, JAVA_FLOAT, offset * Float.BYTES, count);
            case BF16 -> {
                int[] bits = rounded(values, count).array();
                for (int i = 0; i < count; i++) {
                    target.setAtIndex(JAVA_SHORT, offset + i, (short) (bits[i] >>> Short.SIZE));
                }
            }
            default -> throw unsupported(type);
        }
    }

    /** target ← factor · source. */
    static void scale(DataType type, MemorySegment source, long sourceOffset, float factor, MemorySegment target,
            long targetOffset, int count) {
        float[] values = Scratch.floats(0, count);
        read(type, source, sourceOffset, values, count);
        for (int i = 0; i < count; i++) {
            values[i] *= factor;
        }
        write(type, values, count, target, targetOffset);
    }

    /** sums[0..count) ← sums + summands. */
    static void add(float[] sums, float[] summands, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] += summands[i];
        }
    }

    /** target ← target · factors[0..count). */
    static void multiply(DataType type, MemorySegment target, long offset, float[] factors, int count) {
        float[] values = Scratch.floats(0, count);
        read(type, target, offset, values, count);
        for (int i = 0; i < count; i++) {
            values[i] *= factors[i];
        }
        write(type, values, count, target, offset);
    }

    /** target ← factor · (target + coefficient · row), where row is F32 and rounded to {@code type} first. */
    static void addScaled(DataType type, MemorySegment row, long rowOffset, float coefficient, float factor,
            MemorySegment target, long targetOffset, int count) {
        float[] values = Scratch.floats(0, count);
        float[] summands = Scratch.floats(1, count);
        read(DataType.F32, row, rowOffset, summands, count);
        if (type == DataType.BF16) {
            round(summands, count);
        }
        read(type, target, targetOffset, values, count);
        for (int i = 0; i < count; i++) {
            values[i] = factor * (values[i] + coefficient * summands[i]);
        }
        write(type, values, count, target, targetOffset);
    }

    /** A single-precision number as an element of {@code type} has it. */
    static float rounded(DataType type, float value) {
        return type == DataType.BF16 ? BFloat16.toFloat(BFloat16.fromFloat(value)) : value;
    }

    /** values[0..count) as bfloat16 has them. */
    private static void round(float[] values, int count) {
        Scratch.Bits rounded = rounded(values, count);
        int[] bits = rounded.array();
        for (int i = 0; i < count; i++) {
            bits[i] &= 0xffff0000;
        }
        MemorySegment.copy(rounded.segment(), JAVA_FLOAT, 0, values, 0, count);
    }

    /** The bits of values[0..count), rounded to bfloat16 in their upper halves. */
    private static Scratch.Bits rounded(float[] values, int count) {
        Scratch.Bits rounded = Scratch.bits(count);
        // Bit by bit, since the JIT makes no vector code of a change between float and int.
        MemorySegment.copy(values, 0, rounded.segment(), JAVA_FLOAT, 0, count);
        int[] bits = rounded.array();
        for (int i = 0; i < count; i++) {
            bits[i] = BFloat16.round(bits[i]);
        }
        return rounded;
    }

    private static IllegalArgumentException unsupported(DataType type) {
        return new IllegalArgumentException("the CPU backend computes in F32 and BF16, not in " + type);
    }
}
