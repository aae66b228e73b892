package dev.culebra.bindings;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/** What all generated bindings share: the layouts of C's types, function pointers, and what a failed call throws. */
public final class Native {
    /** C's {@code _Bool}. */
    public static final ValueLayout.OfBoolean C_BOOL = ValueLayout.JAVA_BOOLEAN;
    /** C's {@code char}, signed and unsigned. */
    public static final ValueLayout.OfByte C_CHAR = ValueLayout.JAVA_BYTE;
    /** C's {@code short}, signed and unsigned. */
    public static final ValueLayout.OfShort C_SHORT = ValueLayout.JAVA_SHORT;
    /** C's {@code int}, signed and unsigned, and its enums. */
    public static final ValueLayout.OfInt C_INT = ValueLayout.JAVA_INT;
    /** C's {@code long long}, {@code int64_t} and {@code size_t}, signed and unsigned. */
    public static final ValueLayout.OfLong C_LONG_LONG = ValueLayout.JAVA_LONG;
    /** C's {@code float}. */
    public static final ValueLayout.OfFloat C_FLOAT = ValueLayout.JAVA_FLOAT;
    /** C's {@code double}. */
    public static final ValueLayout.OfDouble C_DOUBLE = ValueLayout.JAVA_DOUBLE;
    /** Any pointer. Segments read through it have no bounds, so that strings and arrays behind it can be read. */
    public static final AddressLayout C_POINTER = ValueLayout.ADDRESS
            .withTargetLayout(MemoryLayout.sequenceLayout(Long.MAX_VALUE, ValueLayout.JAVA_BYTE));

    private static final Linker LINKER = Linker.nativeLinker();

    private Native() {}

    /**
     * The layout of C's own {@code long}. The bindings are generated for platforms where it has 8 bytes.
     *
     * @throws UnsupportedOperationException where it has 4, as on Windows
     */
    public static ValueLayout.OfLong cLong() {
        if (LINKER.canonicalLayouts().get("long") instanceof ValueLayout.OfLong cLong) {
            return cLong;
        }
        throw new UnsupportedOperationException(
                "a C long has 4 bytes on this platform, but this function was generated for 8");
    }

    /**
     * What to throw after a failed call: whatever Java code threw goes on unchanged, so that an {@link Error} or
     * {@link RuntimeException} from a callback or a missing library is not hidden.
     *
     * @param function the function that was called
     * @param failure what the call threw
     */
    public static RuntimeException failure(String function, Throwable failure) {
        return switch (failure) {
            case Error error -> throw error;
            case RuntimeException exception -> exception;
            default -> new IllegalStateException("calling " + function, failure);
        };
    }

    /** A handle that calls a function whose address is its first argument. */
    public static MethodHandle downcallHandle(FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(descriptor, options);
    }

    /**
     * A handle of the only method of a functional interface.
     *
     * @param type the interface
     * @param method its method, whose types are those of {@code descriptor}
     */
    public static MethodHandle upcallHandle(Class<?> type, String method, FunctionDescriptor descriptor) {
        try {
            return MethodHandles.publicLookup().findVirtual(type, method, descriptor.toMethodType());
        } catch (ReflectiveOperationException mismatch) {
            throw new IllegalArgumentException(type + " has no method " + method + descriptor.toMethodType(), mismatch);
        }
    }

    /** A C function pointer that calls {@code target}, valid as long as {@code arena}. */
    public static MemorySegment upcallStub(MethodHandle target, FunctionDescriptor descriptor, Arena arena) {
        return LINKER.upcallStub(target, descriptor, arena);
    }

    /**
     * Memory that C code gave, with its size, usable as long as {@code arena}: in this module, so that others need no right
     * to native access.
     */
    public static MemorySegment memory(MemorySegment start, long bytes, Arena arena) {
        return start.reinterpret(bytes, arena, null);
    }

    /** The text of a C string that C code gave, as UTF-8; empty for a null pointer, which must not be read. */
    public static String string(MemorySegment text) {
        return text.equals(MemorySegment.NULL) ? "" : text.getString(0);
    }

    /**
     * Reads an unsigned bit-field.
     *
     * @param struct the struct that has it
     * @param offset where the integer that holds it starts, in bytes
     * @param bytes the size of that integer: 1, 2, 4 or 8
     * @param shift the lowest bit of the field in that integer
     * @param width how many bits it has
     */
    public static long bits(MemorySegment struct, long offset, int bytes, int shift, int width) {
        return integer(struct, offset, bytes) << Long.SIZE - shift - width >>> Long.SIZE - width;
    }

    /** Reads a signed bit-field; the parameters are those of {@link #bits}. */
    public static long signedBits(MemorySegment struct, long offset, int bytes, int shift, int width) {
        return integer(struct, offset, bytes) << Long.SIZE - shift - width >> Long.SIZE - width;
    }

    /** Writes a bit-field and leaves its neighbours as they are; the parameters are those of {@link #bits}. */
    public static void setBits(MemorySegment struct, long offset, int bytes, int shift, int width, long value) {
        long mask = -1L >>> Long.SIZE - width << shift;
        long integer = integer(struct, offset, bytes) & ~mask | value << shift & mask;
        switch (bytes) {
            case 1 -> struct.set(C_CHAR, offset, (byte) integer);
            case 2 -> struct.set(C_SHORT, offset, (short) integer);
            case 4 -> struct.set(C_INT, offset, (int) integer);
            default -> struct.set(C_LONG_LONG, offset, integer);
        }
    }

    private static long integer(MemorySegment struct, long offset, int bytes) {
        return switch (bytes) {
            case 1 -> struct.get(C_CHAR, offset);
            case 2 -> struct.get(C_SHORT, offset);
            case 4 -> struct.get(C_INT, offset);
            default -> struct.get(C_LONG_LONG, offset);
        };
    }
}
