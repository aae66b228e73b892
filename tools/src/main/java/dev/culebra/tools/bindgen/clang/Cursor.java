package dev.culebra.tools.bindgen.clang;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/** A node of the syntax tree; valid until its {@link TranslationUnit} is closed. */
public final class Cursor implements LibClang.Struct {
    private final TranslationUnit unit;
    private final MemorySegment segment;

    Cursor(TranslationUnit unit, MemorySegment segment) {
        this.unit = unit;
        this.segment = segment;
    }

    /** What the node declares. */
    public Kind kind() {
        return Kind.of(segment.get(JAVA_INT, 0));
    }

    /** The declared name; for unnamed records and enums a description that contains a blank. */
    public String spelling() {
        return clang().text("clang_getCursorSpelling", this);
    }

    /** A key that is the same for every declaration of one entity. */
    public String key() {
        return clang().text("clang_getCursorUSR", this);
    }

    /** The type of a declaration. */
    public ClangType type() {
        return typeFrom("clang_getCursorType");
    }

    /** The aliased type of a typedef. */
    public ClangType typedefTarget() {
        return typeFrom("clang_getTypedefDeclUnderlyingType");
    }

    /** The integer type behind an enum. */
    public ClangType enumIntegerType() {
        return typeFrom("clang_getEnumDeclIntegerType");
    }

    /** The value of an enumerator, sign-extended to 64 bits. */
    public long enumeratorValue() {
        return (long) clang().call(unit.arena(), "clang_getEnumConstantDeclValue",
                FunctionDescriptor.of(JAVA_LONG, LibClang.CURSOR), segment);
    }

    /** The parameters of a function, in order. */
    public List<Cursor> parameters() {
        int count = integer("clang_Cursor_getNumArguments");
        List<Cursor> parameters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parameters.add(new Cursor(unit, (MemorySegment) clang().call(unit.arena(), "clang_Cursor_getArgument",
                    FunctionDescriptor.of(LibClang.CURSOR, LibClang.CURSOR, JAVA_INT), segment, i)));
        }
        return parameters;
    }

    /** The nodes directly below this one. */
    public List<Cursor> children() {
        return unit.children(this);
    }

    /** Whether this record has neither a tag, nor a typedef name, nor a declarator: its members belong to the outer. */
    public boolean isAnonymousRecord() {
        return integer("clang_Cursor_isAnonymousRecordDecl") != 0;
    }

    /** Whether this is the declaration with the body. */
    public boolean isDefinition() {
        return integer("clang_isCursorDefinition") != 0;
    }

    /** Whether this is a macro with parameters. */
    public boolean isFunctionLikeMacro() {
        return integer("clang_Cursor_isMacroFunctionLike") != 0;
    }

    /** Whether the function has no symbol of its own: {@code static}, or {@code inline}. */
    public boolean isLocalFunction() {
        int statically = 3;
        return integer("clang_Cursor_getStorageClass") == statically
                || integer("clang_Cursor_isFunctionInlined") != 0;
    }

    /** Where a field starts, in bits from the start of its record. */
    public long fieldOffsetBits() {
        return (long) clang().call(unit.arena(), "clang_Cursor_getOffsetOfField",
                FunctionDescriptor.of(JAVA_LONG, LibClang.CURSOR), segment);
    }

    /** The width of a bit-field, or -1 for any other field. */
    public int bitWidth() {
        return integer("clang_getFieldDeclBitWidth");
    }

    /** The file that declares this node, empty for built-ins. */
    public String file() {
        return unit.file(this);
    }

    /** The source text of the node, one blank between tokens, comments left out. */
    public List<String> tokens() {
        return unit.tokens(this);
    }

    /** The value of a variable's initialiser, as far as the compiler can compute it. */
    public Evaluation evaluate() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = (MemorySegment) clang().call(arena, "clang_Cursor_Evaluate",
                    FunctionDescriptor.of(ADDRESS, LibClang.CURSOR), segment);
            return result.address() == 0 ? Evaluation.NONE : Evaluation.take(clang(), result);
        }
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public StructLayout layout() {
        return LibClang.CURSOR;
    }

    private int integer(String function) {
        return (int) clang().call(unit.arena(), function, FunctionDescriptor.of(JAVA_INT, LibClang.CURSOR), segment);
    }

    private ClangType typeFrom(String function) {
        return new ClangType(unit, (MemorySegment) clang().call(unit.arena(), function,
                FunctionDescriptor.of(LibClang.TYPE, LibClang.CURSOR), segment));
    }

    private LibClang clang() {
        return unit.clang();
    }

    /** The kinds of node that matter to a header, with their numbers in {@code clang-c/Index.h}. */
    public enum Kind {
        /** {@code struct}. */
        STRUCT(2),
        /** {@code union}. */
        UNION(3),
        /** {@code enum}. */
        ENUM(5),
        /** An enumerator. */
        ENUMERATOR(7),
        /** A function. */
        FUNCTION(8),
        /** A global variable. */
        VARIABLE(9),
        /** A parameter of a function or function type. */
        PARAMETER(10),
        /** {@code typedef}. */
        TYPEDEF(20),
        /** An expression that names a declaration. */
        REFERENCE(101),
        /** {@code #define}. */
        MACRO(501),
        /** Anything else. */
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
