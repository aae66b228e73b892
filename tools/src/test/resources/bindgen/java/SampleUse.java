package sample;

import dev.culebra.bindings.MissingSymbolException;
import dev.culebra.bindings.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Calls everything that bindgen made of sample.h; each public method is a test. */
public final class SampleUse {
    private SampleUse() {
    }

    public static void macrosHaveTheirValuesAndTypes() {
        int plain = sample.FT_INT;
        long wide = sample.FT_LONG;
        float single = sample.FT_FLOAT;
        double real = sample.FT_DOUBLE;
        assertEquals(42, plain);
        assertEquals(-7, sample.FT_NEGATIVE);
        assertEquals(0x80000000, sample.FT_UNSIGNED);
        assertEquals(0x100000000L, wide);
        assertEquals('c', sample.FT_CHAR);
        assertEquals(16, sample.FT_SHIFTED);
        assertEquals(0x111, sample.FT_FLAGS);
        assertEquals(44, sample.FT_CAST);
        assertEquals(-1L, sample.FT_MAX_SIZE);
        assertEquals(1.5f, single);
        assertEquals(2.5e-3, real);
        assertEquals("a \"quoted\" text\n", sample.FT_TEXT);
        assertEquals("one two", sample.FT_JOINED);
        assertEquals(MemorySegment.NULL, sample.FT_NULL);
        assertEquals(-1L, sample.FT_ALL_ONES.address());
        assertEquals(8L, sample.FT_SIZE_OF);
        assertEquals(2, sample.FT_ENUM_ALIAS);
        assertEquals(11, sample.FT_VARIABLE);
    }

    public static void enumeratorsAreConstants() {
        assertEquals(1, sample.FT_A);
        assertEquals(2, sample.FT_B);
        assertEquals(7, sample.FT_C);
        assertEquals(0x1122334455667788L, sample.FT_WIDE);
        assertEquals(-1L, sample.FT_WIDE_NEGATIVE);
        assertEquals(99, sample.FT_ANONYMOUS);
    }

    public static void handlesAreOpaque() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(Native.C_POINTER);
            assertEquals(0, sample.ft_create(out, 17));
            MemorySegment handle = out.get(Native.C_POINTER, 0);
            assertEquals(17, sample.ft_get(handle));
            sample.ft_destroy(handle);
        }
    }

    public static void scalarsPass() {
        assertFalse(sample.ft_not(true));
        assertEquals((byte) -4, sample.ft_char((byte) -5));
        assertEquals((short) 0x8000, sample.ft_short((short) 0x7fff));
        assertEquals(0x80000000, sample.ft_unsigned(0x7fffffff));
        assertEquals(1L << 40, sample.ft_long((1L << 40) - 1));
        assertEquals(-1L, sample.ft_wide(-3L, 2L));
        assertEquals(3f, sample.ft_float(1.5f));
        assertEquals(5.0, sample.ft_double(2.5));
        assertEquals(sample.FT_B, sample.ft_next(sample.FT_A));
        assertEquals("A", sample.ft_name(sample.FT_A).getString(0));
        sample.ft_nothing();
        assertEquals(4, sample.ft_unprototyped());
        assertEquals(3, sample.wait_());
    }

    public static void structsPassByValue() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sum = sample.ft_add(arena, point(arena, 1, 2), point(arena, 30, 40));
            assertEquals(31, ft_point.x(sum));
            assertEquals(42, ft_point_v1.y(sum));
            assertEquals(0, ft_point.x(sample.ft_origin(arena)));
            MemorySegment large = ft_large.allocate(arena);
            ft_large.low(large, point(arena, 3, 4));
            ft_large.high(large, point(arena, 5, 6));
            ft_large.weight(large, 1.5);
            MemorySegment scaled = sample.ft_scale(arena, large, 2.0);
            assertEquals(6, ft_point.x(ft_large.low(scaled)));
            assertEquals(12, ft_point.y(ft_large.high(scaled)));
            assertEquals(3.0, ft_large.weight(scaled));
            assertEquals(3, ft_point.x(ft_large.low(large)), "a struct by value is a copy");
        }
    }

    public static void arraysInStructs() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arrays = ft_arrays.allocate(arena);
            ft_arrays.tag(arrays, (byte) 1);
            for (int i = 0; i < 6; i++) {
                ft_arrays.matrix(arrays, i / 3, i % 3, i + 1.0);
            }
            ft_point.x(ft_arrays.corners(arrays, 1), 7);
            ft_point.y(ft_arrays.corners(arrays, 1), 2);
            ft_arrays.names(arrays, 2, arena.allocateFrom("d"));
            ft_foreign.b(ft_arrays.foreign(arrays), 1000);
            ft_arrays.class_(arrays, MemorySegment.NULL);
            assertEquals(6.0, ft_arrays.matrix(arrays, 1, 2));
            assertEquals(1 + 91 + 27 + 1000 + 'd', sample.ft_sum(arrays));
            assertEquals(48, ft_arrays.matrix(arrays).byteSize());
            assertThrows(IndexOutOfBoundsException.class, () -> ft_arrays.matrix(arrays, 0, 3));
            MemorySegment row = ft_arrays.allocateArray(3, arena);
            assertEquals(2 * ft_arrays.sizeof(), ft_arrays.asSlice(row, 2).address() - row.address());
            assertEquals(3 + 20 + 400,
                    sample.ft_length(arena.allocateFrom(ValueLayout.JAVA_DOUBLE, 1, 2, 3),
                            arena.allocateFrom(ValueLayout.JAVA_INT, 10, 20),
                            arena.allocateFrom(ValueLayout.JAVA_FLOAT, 100, 200, 300, 400)),
                    "array parameters are addresses");
            MemorySegment flexible = arena.allocate(ft_flexible.sizeof() + 8);
            ft_flexible.items(flexible).setAtIndex(ValueLayout.JAVA_INT, 1, 5);
            assertEquals(5, flexible.get(ValueLayout.JAVA_INT, 8));
        }
    }

    public static void unionsAndNestedRecords() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = sample.ft_number_of(arena, 1.5f);
            assertEquals(Float.floatToRawIntBits(1.5f), ft_number.whole(number));
            assertEquals((byte) 0x3f, ft_number.bytes(number, 3));
            MemorySegment nested = ft_nested.allocate(arena);
            ft_nested.kind(nested, 1);
            ft_nested.left(nested, (short) 20);
            ft_nested.inner(nested, 300);
            ft_nested.value.pair.second(ft_nested.value.pair(ft_nested.value(nested)), (byte) 40);
            ft_nested.rows.id(ft_nested.rows(nested, 2), 5000);
            assertEquals(5361, sample.ft_inner(nested));
        }
    }

    public static void bitFieldsReadAndWriteWhatTheCompilerDoes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bits = ft_bits.allocate(arena);
            bits.fill((byte) 0xff);
            ft_bits.low(bits, 5);
            ft_bits.middle(bits, -16);
            ft_bits.high(bits, 0xabcde);
            ft_bits.after(bits, (byte) 9);
            ft_bits.flag(bits, true);
            ft_bits.wide(bits, 0xab12345678L);
            ft_bits.last(bits, (short) 300);
            assertEquals(5 - 16 + 0xabcde + 9 + 1 + 0xab12345678L + 300, sample.ft_bits_sum(bits));
            sample.ft_bits_set(bits, 2, 15, 0xfffff, 0, 0xff00000001L, 511);
            assertEquals(2, ft_bits.low(bits));
            assertEquals(15, ft_bits.middle(bits));
            assertEquals(0xfffff, ft_bits.high(bits));
            assertEquals((byte) 9, ft_bits.after(bits));
            assertFalse(ft_bits.flag(bits));
            assertEquals(0xff00000001L, ft_bits.wide(bits));
            assertEquals((short) 511, ft_bits.last(bits));
            sample.ft_bits_set(bits, 0, -1, 0, 1, 0, 0);
            assertEquals(-1, ft_bits.middle(bits));
            assertTrue(ft_bits.flag(bits));
            MemorySegment word = ft_packed_word.allocate(arena);
            ft_packed_word.kind(word, 7);
            ft_packed_word.size(word, 0x123456);
            MemorySegment next = sample.ft_word(arena, word);
            assertEquals(8, ft_packed_word.kind(next));
            assertEquals(0x123457, ft_packed_word.size(next));
        }
    }

    public static void alignmentAndPacking() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = ft_aligned.allocate(arena);
            ft_aligned.x(pair, 1f);
            ft_aligned.y(pair, 2f);
            assertEquals(2f, ft_aligned.x(sample.ft_swap(arena, pair)));
            MemorySegment packed = ft_packed.allocate(arena);
            ft_packed.tag(packed, (byte) 1);
            ft_packed.value(packed, 20);
            ft_packed.real(packed, 0.5);
            ft_packed.last(packed, (short) 300);
            assertEquals(321.5, sample.ft_unpack(packed));
            assertEquals(0.5, ft_packed.real(packed));
        }
    }

    public static void functionPointersGoBothWays() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment times = ft_operation.allocate((left, right) -> left * right, arena);
            assertEquals(42, sample.ft_apply(times, 6, 7));
            assertEquals(13, ft_operation.invoke(sample.ft_plus(), 6, 7));
            List<Integer> visited = new ArrayList<>();
            MemorySegment points = ft_point.allocateArray(2, arena);
            ft_point.x(ft_point.asSlice(points, 1), 8);
            sample.ft_visit(points, 2,
                    ft_visitor.allocate((data, point) -> visited.add(ft_point.x(ft_point.reinterpret(point))), arena),
                    MemorySegment.NULL);
            assertEquals(List.of(0, 8), visited);
            MemorySegment values = arena.allocateFrom(ValueLayout.JAVA_INT, 1, 2, 3);
            assertEquals(321, sample.ft_fold(values, 3,
                    ft_fold$step.allocate((so_far, value) -> so_far + value * (int) Math.pow(10, value - 1), arena)));
            assertEquals(11, sample.ft_twice(ft_plain.allocate(value -> value + 1, arena),
                    ft_twice$named.allocate(value -> value * 2 + 1, arena), 4));
            MemorySegment mover = ft_mover.allocate((from, by) -> point(arena, ft_point.x(from) + (int) by, 0), arena);
            assertEquals(5, ft_point.x(sample.ft_move(arena, mover, point(arena, 3, 3))));
            MemorySegment table = ft_table.allocate(arena);
            ft_table.compare(table, ft_table.compare.allocate((left, right) -> Integer.compare(
                    left.get(ValueLayout.JAVA_INT, 0), right.get(ValueLayout.JAVA_INT, 0)), arena));
            ft_table.operation(table, sample.ft_plus());
            assertEquals(99, sample.ft_compare(table, 1, 2));
        }
    }

    public static void variadicFunctionsTakeTheirLayouts() throws Throwable {
        MethodHandle add = sample.ft_add_all$handle(Native.C_INT, Native.C_DOUBLE, Native.C_INT);
        assertEquals(6, (int) add.invokeExact(3, 1, 2.5, 3));
        assertEquals(4, sample.ft_add_all$descriptor(Native.C_INT, Native.C_DOUBLE, Native.C_INT).argumentLayouts()
                .size());
    }

    public static void macrosRenameFunctions() {
        assertEquals(2009, sample.ft_version(9));
        assertEquals(2009, sample.ft_version_v2(9));
        assertEquals(3, sample.ft_stream());
        assertSame(sample.ft_version$handle(), sample.ft_version_v2$handle());
        assertEquals(sample.ft_version$address(), sample.ft_version_v2$address());
    }

    public static void missingSymbolFailsByNameAndOnlyWhenCalled() {
        assertEquals(1, sample.ft_missing$descriptor().argumentLayouts().size());
        for (int i = 0; i < 2; i++) {
            MissingSymbolException missing = assertThrows(MissingSymbolException.class,
                    () -> sample.ft_missing(1));
            assertTrue(missing.getMessage().contains("ft_missing"), missing.getMessage());
            assertTrue(missing.getMessage().contains("Sample"), missing.getMessage());
        }
    }

    public static void valuesAtTheEdgesSurvive() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment large = ft_large.allocate(arena);
            assertArrayEquals(new byte[(int) ft_large.sizeof()], large.toArray(ValueLayout.JAVA_BYTE));
        }
        assertEquals(Short.MIN_VALUE, sample.ft_short(Short.MAX_VALUE));
        assertEquals(Byte.MIN_VALUE, sample.ft_char(Byte.MAX_VALUE));
    }

    private static MemorySegment point(Arena arena, int x, int y) {
        MemorySegment point = ft_point.allocate(arena);
        ft_point.x(point, x);
        ft_point.y(point, y);
        return point;
    }
}
