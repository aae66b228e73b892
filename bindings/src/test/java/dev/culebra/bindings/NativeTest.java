package dev.culebra.bindings;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

class NativeTest {
    @Test
    void errorsAndRuntimeExceptionsPassUnchanged() {
        OutOfMemoryError error = new OutOfMemoryError();
        assertSame(error, assertThrows(OutOfMemoryError.class, () -> Native.failure("f", error)));
        RuntimeException exception = new IllegalArgumentException();
        assertSame(exception, Native.failure("f", exception));
        IOException checked = new IOException();
        RuntimeException wrapped = Native.failure("f", checked);
        assertSame(checked, wrapped.getCause());
        assertEquals("calling f", wrapped.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 8", "1, 3, 5", "2, 7, 9", "4, 0, 32", "4, 31, 1", "8, 0, 64", "8, 24, 40"})
    void bitFieldsKeepTheirValueAndTheirNeighbours(int bytes, int shift, int width) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment struct = arena.allocate(16, 8).fill((byte) 0x5a);
            long before = Native.bits(struct, 8, 8, 0, 64);
            long largest = -1L >>> Long.SIZE - width;
            Native.setBits(struct, 8, bytes, shift, width, -1);
            assertEquals(largest, Native.bits(struct, 8, bytes, shift, width));
            assertEquals(-1, Native.signedBits(struct, 8, bytes, shift, width));
            assertEquals(before | largest << shift, Native.bits(struct, 8, 8, 0, 64));
            Native.setBits(struct, 8, bytes, shift, width, 0);
            assertEquals(before & ~(largest << shift), Native.bits(struct, 8, 8, 0, 64));
            assertEquals(0x5a5a5a5a5a5a5a5aL, Native.bits(struct, 0, 8, 0, 64));
        }
    }

    @Test
    void stringsAreTextAndANullPointerIsNone() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocateFrom(ValueLayout.ADDRESS, arena.allocateFrom("größe"));
            assertEquals("größe", Native.string(pointer.get(Native.C_POINTER, 0)));
            pointer.set(ValueLayout.ADDRESS, 0, MemorySegment.NULL);
            assertEquals("", Native.string(pointer.get(Native.C_POINTER, 0)));
        }
    }
}
