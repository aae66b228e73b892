package dev.culebra.tools.bindgen.emit;

import java.util.List;
import java.util.stream.Collectors;

import dev.culebra.tools.bindgen.model.CType;

/** The Java expressions and types that stand for C types. */
final class Layouts {
    private Layouts() {}

    /** The expression of a type's layout. */
    static String layout(CType type) {
        return switch (type) {
            case CType.Scalar scalar -> switch (scalar) {
                case BOOL -> "C_BOOL";
                case CHAR, UNSIGNED_CHAR -> "C_CHAR";
                case SHORT, UNSIGNED_SHORT -> "C_SHORT";
                case INT, UNSIGNED_INT -> "C_INT";
                case LONG, UNSIGNED_LONG -> "cLong()";
                case LONG_LONG, UNSIGNED_LONG_LONG -> "C_LONG_LONG";
                case FLOAT -> "C_FLOAT";
                case DOUBLE -> "C_DOUBLE";
            };
            case CType.Pointer _ -> "C_POINTER";
            case CType.ByValue byValue -> byValue.composite().javaName() + ".layout()";
            case CType.Array array ->
                "MemoryLayout.sequenceLayout(" + array.count() + ", " + layout(array.element()) + ")";
            case CType.Void _,CType.Function _,CType.Unsupported _ ->
                throw new IllegalArgumentException("no layout for " + type);
        };
    }

    /** The Java type that carries a C type in calls. */
    static String carrier(CType type) {
        return switch (type) {
            case CType.Void _ -> "void";
            case CType.Scalar scalar -> switch (scalar) {
                case BOOL -> "boolean";
                case CHAR, UNSIGNED_CHAR -> "byte";
                case SHORT, UNSIGNED_SHORT -> "short";
                case INT, UNSIGNED_INT -> "int";
                case LONG, UNSIGNED_LONG, LONG_LONG, UNSIGNED_LONG_LONG -> "long";
                case FLOAT -> "float";
                case DOUBLE -> "double";
            };
            default -> "MemorySegment";
        };
    }

    /** The expression of a function's descriptor, its variadic part left out. */
    static String descriptor(CType.Function function) {
        List<String> layouts = function.parameters().stream().map(parameter -> passed(parameter.type())).toList();
        if (function.result() instanceof CType.Void) {
            return "FunctionDescriptor.ofVoid(" + String.join(", ", layouts) + ")";
        }
        return "FunctionDescriptor.of(" + passed(function.result())
                + layouts.stream().map(layout -> ", " + layout).collect(Collectors.joining()) + ")";
    }

    /** The linker takes structs by value only with their natural alignment, whatever an attribute says. */
    private static String passed(CType type) {
        if (type instanceof CType.ByValue byValue) {
            long natural = CompositeLayouts.naturalAlignment(byValue.composite());
            return layout(type)
                    + (natural == byValue.composite().alignment() ? "" : ".withByteAlignment(" + natural + ")");
        }
        return layout(type);
    }

    /** The size of a type in bytes. */
    static long size(CType type) {
        return switch (type) {
            case CType.Scalar scalar -> scalar.bytes();
            case CType.Pointer _ -> Long.BYTES;
            case CType.ByValue byValue -> byValue.composite().size();
            case CType.Array array -> array.count() * size(array.element());
            default -> throw new IllegalArgumentException("no size for " + type);
        };
    }

    /** The alignment of a type in bytes, as far as nothing in a header changes it. */
    static long alignment(CType type) {
        return switch (type) {
            case CType.ByValue byValue -> byValue.composite().alignment();
            case CType.Array array -> alignment(array.element());
            default -> size(type);
        };
    }
}
