package dev.culebra.tools.bindgen.clang;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/** What the compiler computed for an initialiser. */
public sealed interface Evaluation {
    /** The expression is no constant. */
    Evaluation NONE = new None();

    /** The value of an integer, enumerator or pointer, as 64 bits. */
    record Whole(long value) implements Evaluation {}

    /** A floating-point value. */
    record Floating(double value) implements Evaluation {}

    /** A string literal. */
    record Text(String value) implements Evaluation {}

    /** No value. */
    record None() implements Evaluation {}

    /** Reads a {@code CXEvalResult} and frees it. */
    static Evaluation take(LibClang clang, MemorySegment result) {
        try (Arena arena = Arena.ofConfined()) {
            int kind = (int) clang.call(arena, "clang_EvalResult_getKind", FunctionDescriptor.of(JAVA_INT, ADDRESS),
                    result);
            Evaluation value = switch (kind) {
                case 1 -> new Whole((long) clang.call(arena, "clang_EvalResult_getAsLongLong",
                        FunctionDescriptor.of(JAVA_LONG, ADDRESS), result));
                case 2 -> new Floating((double) clang.call(arena, "clang_EvalResult_getAsDouble",
                        FunctionDescriptor.of(JAVA_DOUBLE, ADDRESS), result));
                case 4 -> new Text(((MemorySegment) clang.call(arena, "clang_EvalResult_getAsStr",
                        FunctionDescriptor.of(ADDRESS, ADDRESS), result)).reinterpret(Long.MAX_VALUE).getString(0));
                default -> NONE;
            };
            clang.call(arena, "clang_EvalResult_dispose", FunctionDescriptor.ofVoid(ADDRESS), result);
            return value;
        }
    }
}
