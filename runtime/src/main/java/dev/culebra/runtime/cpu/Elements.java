package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;

import dev.culebra.runtime.BFloat16;
import dev.culebra.runtime.DataType;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

/** Runs of elements in single precision or bfloat16, computed in single precision. Offsets count elements. */
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
        if (type == DataType.F32) {
            MemorySegment.copy(source, JAVA_FLOAT, offset * Float.BYTES, values, 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            values[i] = get(source, type, offset + i);
        }
    }

    /** target ← values[0..count). */
    static void write(DataType type, float[] values, int count, MemorySegment target, long offset) {
        if (type == DataType.F32) {
            MemorySegment.copy(values, 0, target, JAVA_FLOAT, offset * Float.BYTES, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            set(target, type, offset + i, values[i]);
        }
    }

    /** target ← factor · source. */
    static void scale(DataType type, MemorySegment source, long sourceOffset, float factor, MemorySegment target,
            long targetOffset, int count) {
        for (int i = 0; i < count; i++) {
            set(target, type, targetOffset + i, get(source, type, sourceOffset + i) * factor);
        }
    }

    /** target ← factor · (target + coefficient · row), where row is F32 and rounded to {@code type} first. */
    static void addScaled(DataType type, MemorySegment row, long rowOffset, float coefficient, float factor,
            MemorySegment target, long targetOffset, int count) {
        for (int i = 0; i < count; i++) {
            float summand = coefficient * rounded(type, row.getAtIndex(JAVA_FLOAT, rowOffset + i));
            set(target, type, targetOffset + i, factor * (get(target, type, targetOffset + i) + summand));
        }
    }

    /** A single-precision number as an element of {@code type} has it. */
    static float rounded(DataType type, float value) {
        return type == DataType.BF16 ? BFloat16.toFloat(BFloat16.fromFloat(value)) : value;
    }

    private static IllegalArgumentException unsupported(DataType type) {
        return new IllegalArgumentException("the CPU backend computes in F32 and BF16, not in " + type);
    }
}
