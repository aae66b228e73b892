package dev.culebra.tools.bindgen.clang;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/** A C type; valid until its {@link TranslationUnit} is closed. */
public final class ClangType implements LibClang.Struct {
    private final TranslationUnit unit;
    private final MemorySegment segment;

    ClangType(TranslationUnit unit, MemorySegment segment) {
        this.unit = unit;
        this.segment = segment;
    }

    /** What sort of type this is. */
    public Kind kind() {
        return Kind.of(segment.get(JAVA_INT, 0));
    }

    /** The type as written in C. */
    public String spelling() {
        return clang().text("clang_getTypeSpelling", this);
    }

    /** The type with every typedef resolved. */
    public ClangType canonical() {
        return typeFrom("clang_getCanonicalType");
    }

    /** The type without the outermost sugar (attributes and elaborated names), typedefs kept. */
    public ClangType desugared() {
        return switch (kind()) {
            case ELABORATED -> typeFrom("clang_Type_getNamedType").desugared();
            case ATTRIBUTED -> typeFrom("clang_Type_getModifiedType").desugared();
            case UNEXPOSED -> canonical();
            default -> this;
        };
    }

    /** What a pointer points to. */
    public ClangType pointee() {
        return typeFrom("clang_getPointeeType");
    }

    /** The element type of an array. */
    public ClangType element() {
        return typeFrom("clang_getArrayElementType");
    }

    /** The number of elements of an array, -1 where it has none. */
    public long elementCount() {
        return number("clang_getArraySize");
    }

    /** What a function returns. */
    public ClangType result() {
        return typeFrom("clang_getResultType");
    }

    /** The parameter types of a function. */
    public List<ClangType> parameters() {
        int count = integer("clang_getNumArgTypes");
        List<ClangType> parameters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parameters.add(new ClangType(unit, (MemorySegment) clang().call(unit.arena(), "clang_getArgType",
                    FunctionDescriptor.of(LibClang.TYPE, LibClang.TYPE, JAVA_INT), segment, i)));
        }
        return parameters;
    }

    /** Whether a function takes {@code ...}; one that is declared as {@code f()} takes nothing. */
    public boolean isVariadic() {
        return canonical().kind() == Kind.FUNCTION && integer("clang_isFunctionTypeVariadic") != 0;
    }

    /** Size in bytes, negative where the type is incomplete. */
    public long size() {
        return number("clang_Type_getSizeOf");
    }

    /** Alignment in bytes, negative where the type is incomplete. */
    public long alignment() {
        return number("clang_Type_getAlignOf");
    }

    /** The fields of a record in order, anonymous records and unnamed bit-fields among them. */
    public List<Cursor> fields() {
        return unit.fields(this);
    }

    /** The declaration of a typedef, record or enum. */
    public Cursor declaration() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment cursor = (MemorySegment) clang().call(arena, "clang_getTypeDeclaration",
                    FunctionDescriptor.of(LibClang.CURSOR, LibClang.TYPE), segment);
            return new Cursor(unit, unit.arena().allocate(LibClang.CURSOR).copyFrom(cursor));
        }
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public StructLayout layout() {
        return LibClang.TYPE;
    }

    private int integer(String function) {
        return (int) clang().call(unit.arena(), function, FunctionDescriptor.of(JAVA_INT, LibClang.TYPE), segment);
    }

    private long number(String function) {
        return (long) clang().call(unit.arena(), function, FunctionDescriptor.of(JAVA_LONG, LibClang.TYPE), segment);
    }

    private ClangType typeFrom(String function) {
        return new ClangType(unit, (MemorySegment) clang().call(unit.arena(), function,
                FunctionDescriptor.of(LibClang.TYPE, LibClang.TYPE), segment));
    }

    private LibClang clang() {
        return unit.clang();
    }

    /** The sorts of type, with their numbers in {@code clang-c/Index.h}. */
    public enum Kind {
        /** A name libclang does not look into. */
        UNEXPOSED(1),
        /** {@code void}. */
        VOID(2),
        /** {@code _Bool}. */
        BOOL(3),
        /** {@code char} where it is unsigned. */
        PLAIN_UNSIGNED_CHAR(4),
        /** {@code unsigned char}. */
        UNSIGNED_CHAR(5),
        /** {@code unsigned short}. */
        UNSIGNED_SHORT(8),
        /** {@code unsigned int}. */
        UNSIGNED_INT(9),
        /** {@code unsigned long}. */
        UNSIGNED_LONG(10),
        /** {@code unsigned long long}. */
        UNSIGNED_LONG_LONG(11),
        /** {@code char} where it is signed. */
        PLAIN_SIGNED_CHAR(13),
        /** {@code signed char}. */
        SIGNED_CHAR(14),
        /** {@code short}. */
        SHORT(16),
        /** {@code int}. */
        INT(17),
        /** {@code long}. */
        LONG(18),
        /** {@code long long}. */
        LONG_LONG(19),
        /** {@code float}. */
        FLOAT(21),
        /** {@code double}. */
        DOUBLE(22),
        /** A pointer. */
        POINTER(101),
        /** A struct or union. */
        RECORD(105),
        /** An enum. */
        ENUM(106),
        /** A typedef name. */
        TYPEDEF(107),
        /** A function without a parameter list. */
        FUNCTION_WITHOUT_PROTOTYPE(110),
        /** A function. */
        FUNCTION(111),
        /** An array of known length. */
        ARRAY(112),
        /** An array without length. */
        INCOMPLETE_ARRAY(114),
        /** A name with its keyword, as in {@code struct x}. */
        ELABORATED(119),
        /** A type with attributes. */
        ATTRIBUTED(163),
        /** Anything else: {@code long double}, vectors, complex numbers, 128-bit integers, {@code wchar_t}. */
        OTHER(-1);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        private static Kind of(int number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            return OTHER;
        }
    }
}
