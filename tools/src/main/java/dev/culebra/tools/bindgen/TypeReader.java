package dev.culebra.tools.bindgen;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.culebra.tools.bindgen.clang.ClangType;
import dev.culebra.tools.bindgen.clang.Cursor;
import dev.culebra.tools.bindgen.model.CType;
import dev.culebra.tools.bindgen.model.CType.Scalar;
import dev.culebra.tools.bindgen.model.Declaration;
import dev.culebra.tools.bindgen.model.Declaration.Composite;

/** Turns libclang's types into the model's, and remembers every struct and union that is used by value. */
final class TypeReader {
    /** Typedefs with 64 bits on every 64-bit platform, whatever C type stands behind them there. */
    private static final Map<String, Scalar> WIDE = Map.of("int64_t", Scalar.LONG_LONG, "uint64_t",
            Scalar.UNSIGNED_LONG_LONG, "size_t", Scalar.UNSIGNED_LONG_LONG, "ssize_t", Scalar.LONG_LONG, "ptrdiff_t",
            Scalar.LONG_LONG, "intptr_t", Scalar.LONG_LONG, "uintptr_t", Scalar.UNSIGNED_LONG_LONG, "intmax_t",
            Scalar.LONG_LONG, "uintmax_t", Scalar.UNSIGNED_LONG_LONG);
    private static final Set<String> PLATFORM_DEPENDENT = Set.of("va_list", "__builtin_va_list", "__gnuc_va_list",
            "wchar_t");

    private final Map<String, Composite> composites = new LinkedHashMap<>();

    /** The structs and unions with a class of their own, those that others contain first. */
    Collection<Composite> composites() {
        return composites.values();
    }

    /** A type, with what is behind its typedefs. */
    CType read(ClangType written) {
        ClangType type = written.desugared();
        return switch (type.kind()) {
            case VOID -> new CType.Void();
            case BOOL -> Scalar.BOOL;
            case PLAIN_SIGNED_CHAR, SIGNED_CHAR, PLAIN_UNSIGNED_CHAR -> Scalar.CHAR;
            case UNSIGNED_CHAR -> Scalar.UNSIGNED_CHAR;
            case SHORT -> Scalar.SHORT;
            case UNSIGNED_SHORT -> Scalar.UNSIGNED_SHORT;
            case INT -> Scalar.INT;
            case UNSIGNED_INT -> Scalar.UNSIGNED_INT;
            case LONG -> Scalar.LONG;
            case UNSIGNED_LONG -> Scalar.UNSIGNED_LONG;
            case LONG_LONG -> Scalar.LONG_LONG;
            case UNSIGNED_LONG_LONG -> Scalar.UNSIGNED_LONG_LONG;
            case FLOAT -> Scalar.FLOAT;
            case DOUBLE -> Scalar.DOUBLE;
            case ENUM -> read(type.declaration().enumIntegerType());
            case TYPEDEF -> typedef(type);
            case POINTER -> pointer(type.pointee());
            case INCOMPLETE_ARRAY -> new CType.Array(read(type.element()), 0);
            case ARRAY -> new CType.Array(read(type.element()), type.elementCount());
            case RECORD -> record(type);
            case FUNCTION, FUNCTION_WITHOUT_PROTOTYPE -> pointer(type);
            default -> new CType.Unsupported(written.spelling());
        };
    }

    /** The signature of a function type; {@code parameterNames} are those of its declaration, as far as it has any. */
    CType.Function function(ClangType type, List<String> parameterNames) {
        List<ClangType> types = type.parameters();
        List<CType.Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            String name = i < parameterNames.size() ? parameterNames.get(i) : "";
            CType parameter = read(types.get(i));
            // C passes an array as the address of its first element, also where a typedef hides that it is one.
            boolean isArray = parameter instanceof CType.Array;
            parameters.add(new CType.Parameter(name, isArray ? CType.Pointer.TO_DATA : parameter));
        }
        return new CType.Function(read(type.result()), parameters, type.isVariadic());
    }

    /**
     * The function type behind a typedef's, field's or parameter's type, if there is one; its own parameters keep their
     * typedefs, which tell a {@code size_t} from an {@code unsigned long}.
     */
    static Optional<ClangType> functionBehind(ClangType type) {
        ClangType written = type.desugared();
        while (written.kind() == ClangType.Kind.TYPEDEF) {
            written = written.declaration().typedefTarget().desugared();
        }
        // The type of what is declared with __auto_type is neither typedef nor pointer; its canonical form is.
        ClangType known = written.kind() == ClangType.Kind.POINTER || isFunction(written)
                ? written
                : written.canonical();
        ClangType target = known.kind() == ClangType.Kind.POINTER ? known.pointee() : known;
        return isFunction(target) ? Optional.of(target) : Optional.empty();
    }

    /** The struct or union that a cursor defines and names. */
    Composite composite(Cursor declaration) {
        Composite known = composites.get(declaration.key());
        if (known != null) {
            return known;
        }
        Composite read = build(declaration, declaration.spelling());
        composites.put(declaration.key(), read);
        return read;
    }

    /** The names of the parameters below a declaration. */
    static List<String> parameterNames(Cursor declaration) {
        return declaration.children().stream().filter(child -> child.kind() == Cursor.Kind.PARAMETER)
                .map(Cursor::spelling).toList();
    }

    private CType typedef(ClangType type) {
        Cursor declaration = type.declaration();
        String name = declaration.spelling();
        if (PLATFORM_DEPENDENT.contains(name)) {
            return new CType.Unsupported(name);
        }
        Scalar wide = WIDE.get(name);
        if (wide != null) {
            return wide;
        }
        CType target = read(declaration.typedefTarget());
        return target instanceof CType.Pointer ? CType.Pointer.TO_DATA : target;
    }

    private CType pointer(ClangType pointee) {
        return isFunction(pointee)
                ? new CType.Pointer(Optional.of(function(pointee, List.of())))
                : CType.Pointer.TO_DATA;
    }

    private static boolean isFunction(ClangType type) {
        ClangType.Kind kind = type.canonical().kind();
        return kind == ClangType.Kind.FUNCTION || kind == ClangType.Kind.FUNCTION_WITHOUT_PROTOTYPE;
    }

    private CType record(ClangType type) {
        if (type.size() < 0) {
            return new CType.Unsupported(type.spelling() + ", whose body is unknown,");
        }
        return new CType.ByValue(composite(type.declaration()));
    }

    private Composite build(Cursor declaration, String javaName) {
        ClangType type = declaration.type();
        boolean union = declaration.kind() == Cursor.Kind.UNION;
        List<Declaration.Member> members = new ArrayList<>();
        for (Cursor field : type.fields()) {
            member(field, javaName).ifPresent(members::add);
        }
        String name = javaName.substring(javaName.lastIndexOf('.') + 1);
        String spelling = isUnnamed(declaration) ? "" : type.canonical().spelling();
        return new Composite(name, spelling, javaName, Declarators.composite(spelling, union, members), union,
                type.size(), type.alignment(), members);
    }

    private Optional<Declaration.Member> member(Cursor field, String outer) {
        long offset = field.fieldOffsetBits();
        String name = field.spelling();
        int width = field.bitWidth();
        if (width >= 0) {
            return name.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Declaration.BitField(name, (Scalar) read(field.type()), offset, width,
                            Declarators.declare(field.type().spelling(), name) + " : " + width));
        }
        ClangType innermost = field.type().desugared();
        while (innermost.kind() == ClangType.Kind.ARRAY) {
            innermost = innermost.element().desugared();
        }
        if (innermost.kind() == ClangType.Kind.RECORD && isUnnamed(innermost.declaration())) {
            return Optional.of(unnamedRecord(field, innermost.declaration(), outer));
        }
        return Optional.of(new Declaration.Field(name, fieldType(field), offset,
                Declarators.declare(field.type().spelling(), name)));
    }

    private Declaration.Member unnamedRecord(Cursor field, Cursor record, String outer) {
        long offset = field.fieldOffsetBits();
        if (record.isAnonymousRecord()) {
            return new Declaration.Anonymous(build(record, outer), offset);
        }
        String name = field.spelling();
        // Java forbids a nested class to be called as one around it.
        boolean taken = List.of(outer.split("\\.")).contains(name);
        Composite nested = build(record, outer + "." + name + (taken ? "_" : ""));
        CType type = nest(field.type().desugared(), nested);
        String text = nested.text() + " " + name + Declarators.dimensions(type);
        return new Declaration.Field(name, type, offset, text);
    }

    private CType nest(ClangType type, Composite nested) {
        return type.kind() == ClangType.Kind.ARRAY
                ? new CType.Array(nest(type.element().desugared(), nested), type.elementCount())
                : new CType.ByValue(nested);
    }

    private CType fieldType(Cursor field) {
        CType type = read(field.type());
        boolean inlineFunction = type instanceof CType.Pointer pointer && pointer.function().isPresent();
        if (type instanceof CType.Unsupported) {
            throw new IllegalArgumentException("no layout expresses " + field.type().spelling() + " "
                    + field.spelling() + ", a member of a record in " + field.file());
        }
        return inlineFunction
                ? new CType.Pointer(functionBehind(field.type())
                        .map(function -> function(function, parameterNames(field))))
                : type;
    }

    /** Whether a record has neither a tag nor a typedef name. */
    static boolean isUnnamed(Cursor record) {
        String spelling = record.spelling();
        return spelling.isEmpty() || spelling.contains(" ");
    }
}
