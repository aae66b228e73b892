package dev.culebra.tools.bindgen.model;

import java.util.List;
import java.util.Optional;

/** A C type as far as calls and memory layouts care: typedefs resolved, qualifiers dropped. */
public sealed interface CType {

    /** Nothing, as a function's result. */
    record Void() implements CType {}

    /** The scalar types that the Foreign Function and Memory API has layouts for. */
    enum Scalar implements CType {
        /** {@code _Bool}. */
        BOOL(1, true),
        /** {@code char}, signed or not. */
        CHAR(1, false),
        /** {@code unsigned char}. */
        UNSIGNED_CHAR(1, true),
        /** {@code short}. */
        SHORT(2, false),
        /** {@code unsigned short}. */
        UNSIGNED_SHORT(2, true),
        /** {@code int} and enums. */
        INT(4, false),
        /** {@code unsigned int} and enums. */
        UNSIGNED_INT(4, true),
        /** C's own {@code long}: 8 bytes on Linux and macOS, 4 on Windows. */
        LONG(8, false),
        /** C's own {@code unsigned long}: 8 bytes on Linux and macOS, 4 on Windows. */
        UNSIGNED_LONG(8, true),
        /** 64 bits everywhere: {@code long long}, {@code int64_t}, {@code ptrdiff_t}. */
        LONG_LONG(8, false),
        /** 64 bits everywhere: {@code unsigned long long}, {@code uint64_t}, {@code size_t}. */
        UNSIGNED_LONG_LONG(8, true),
        /** {@code float}. */
        FLOAT(4, false),
        /** {@code double}. */
        DOUBLE(8, false);

        private final int bytes;
        private final boolean unsigned;

        Scalar(int bytes, boolean unsigned) {
            this.bytes = bytes;
            this.unsigned = unsigned;
        }

        /** Size and natural alignment in bytes, on 64-bit Linux. */
        public int bytes() {
            return bytes;
        }

        /** Whether values have no sign. */
        public boolean isUnsigned() {
            return unsigned;
        }
    }

    /**
     * A pointer.
     *
     * @param function the function pointed to, if it is a function whose class is named by nothing but this pointer
     */
    record Pointer(Optional<Function> function) implements CType {
        /** A pointer to data, or to a function that a typedef names. */
        public static final Pointer TO_DATA = new Pointer(Optional.empty());
    }

    /** An array inside a record. */
    record Array(CType element, long count) implements CType {}

    /** A struct or union by value. */
    record ByValue(Declaration.Composite composite) implements CType {}

    /** A function as the target of a pointer. */
    record Function(CType result, List<Parameter> parameters, boolean variadic) implements CType {}

    /**
     * A parameter of a function.
     *
     * @param name its name, empty where the header gives none
     * @param type its type
     */
    record Parameter(String name, CType type) {}

    /** A type that no layout can express, with what it is called in C. */
    record Unsupported(String spelling) implements CType {}
}
