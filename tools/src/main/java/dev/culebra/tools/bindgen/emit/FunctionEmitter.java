package dev.culebra.tools.bindgen.emit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.culebra.tools.bindgen.model.CType;
import dev.culebra.tools.bindgen.model.Declaration;

/** Writes the members of the class of functions and constants. */
final class FunctionEmitter {
    private FunctionEmitter() {}

    /**
     * A function: the call itself, and beside it its descriptor, handle and address. The handle lives in a holder
     * class of its own, so that it is made when the function is first called.
     */
    static String function(Declaration.Function function) {
        return function.type().variadic() ? variadic(function) : fixed(function);
    }

    /** Another name of a function: the same four methods, forwarded. */
    static String alias(Declaration.FunctionAlias alias) {
        Declaration.Function target = alias.target();
        String doc = JavaNames.javadoc(alias.text() + ": " + target.text());
        if (target.type().variadic()) {
            return """
                    %1$spublic static FunctionDescriptor %2$s$descriptor(MemoryLayout... variadic) { return %3$s$descriptor(variadic); }
                    %1$spublic static MethodHandle %2$s$handle(MemoryLayout... variadic) { return %3$s$handle(variadic); }
                    %1$spublic static MemorySegment %2$s$address() { return %3$s$address(); }
                    """
                    .formatted(doc, alias.name(), target.name());
        }
        boolean isVoid = target.type().result() instanceof CType.Void;
        return """
                %1$spublic static %4$s %8$s(%5$s) { %6$s%3$s(%7$s); }
                /** The layouts of {@link #%8$s}. */
                public static FunctionDescriptor %2$s$descriptor() { return %9$s$descriptor(); }
                /** Calls {@link #%8$s}. */
                public static MethodHandle %2$s$handle() { return %9$s$handle(); }
                /** The address of {@link #%8$s}. */
                public static MemorySegment %2$s$address() { return %9$s$address(); }
                """.formatted(doc, alias.name(), JavaNames.identifier(target.name()),
                Layouts.carrier(target.type().result()), parameters(target.type()), isVoid ? "" : "return ",
                arguments(target.type()), JavaNames.identifier(alias.name()), target.name());
    }

    /** A constant. */
    static String constant(Declaration.Constant constant) {
        String name = JavaNames.identifier(constant.name());
        String declaration = switch (constant.value()) {
            case Declaration.IntValue value -> "int " + name + " = " + value.value();
            case Declaration.LongValue value -> "long " + name + " = " + value.value() + "L";
            case Declaration.FloatValue value -> "float " + name + " = " + literal(value.value());
            case Declaration.DoubleValue value -> "double " + name + " = " + literal(value.value());
            case Declaration.TextValue value -> "String " + name + " = " + literal(value.value());
            case Declaration.PointerValue value ->
                "MemorySegment " + name + " = MemorySegment.ofAddress(" + value.value() + "L)";
        };
        return JavaNames.javadoc(constant.text()) + "public static final " + declaration + ";\n";
    }

    private static String fixed(Declaration.Function function) {
        boolean isVoid = function.type().result() instanceof CType.Void;
        String carrier = Layouts.carrier(function.type().result());
        return """
                %1$spublic static %3$s %8$s(%4$s) {
                    try {
                        %5$s%2$s$holder.HANDLE.invokeExact(%6$s);
                    } catch (Throwable failure) {
                        throw Native.failure("%2$s", failure);
                    }
                }
                private static final class %2$s$holder { static final MethodHandle HANDLE = LIBRARY.function("%2$s", %2$s$descriptor()); }
                /** The layouts of {@link #%8$s}. */
                public static FunctionDescriptor %2$s$descriptor() { return %7$s; }
                /** Calls {@link #%8$s}. */
                public static MethodHandle %2$s$handle() { return %2$s$holder.HANDLE; }
                /** The address of {@link #%8$s}. */
                public static MemorySegment %2$s$address() { return LIBRARY.address("%2$s"); }
                """
                .formatted(JavaNames.javadoc(function.text()), function.name(), carrier, parameters(function.type()),
                        isVoid ? "" : "return (" + carrier + ") ", arguments(function.type()),
                        Layouts.descriptor(function.type()), JavaNames.identifier(function.name()));
    }

    private static String variadic(Declaration.Function function) {
        return """
                %1$spublic static FunctionDescriptor %2$s$descriptor(MemoryLayout... variadic) { return %3$s.appendArgumentLayouts(variadic); }
                %1$spublic static MethodHandle %2$s$handle(MemoryLayout... variadic) {
                    return LIBRARY.function("%2$s", %2$s$descriptor(variadic), Linker.Option.firstVariadicArg(%4$d));
                }
                %1$spublic static MemorySegment %2$s$address() { return LIBRARY.address("%2$s"); }
                """
                .formatted(JavaNames.javadoc(function.text()), function.name(), Layouts.descriptor(function.type()),
                        function.type().parameters().size());
    }

    private static String parameters(CType.Function function) {
        List<String> names = JavaNames.parameters(function);
        List<String> parameters = new ArrayList<>();
        if (function.result() instanceof CType.ByValue) {
            parameters.add("SegmentAllocator allocator");
        }
        for (int i = 0; i < names.size(); i++) {
            parameters.add(Layouts.carrier(function.parameters().get(i).type()) + " " + names.get(i));
        }
        return String.join(", ", parameters);
    }

    private static String arguments(CType.Function function) {
        String names = String.join(", ", JavaNames.parameters(function));
        return function.result() instanceof CType.ByValue
                ? names.isEmpty() ? "allocator" : "allocator, " + names
                : names;
    }

    private static String literal(float value) {
        return Float.isFinite(value)
                ? value + "f"
                : "Float.intBitsToFloat(" + Float.floatToRawIntBits(value) + ")";
    }

    private static String literal(double value) {
        return Double.isFinite(value)
                ? value + "d"
                : "Double.longBitsToDouble(" + Double.doubleToRawLongBits(value) + "L)";
    }

    private static String literal(String value) {
        return value.chars().mapToObj(FunctionEmitter::literal).collect(Collectors.joining("", "\"", "\""));
    }

    /** A character in a string; control characters in octal, because Java ends a line at an escaped line end too. */
    private static String literal(int character) {
        if (character < ' ') {
            return "\\%03o".formatted(character);
        }
        if (character > '~') {
            return "\\u%04x".formatted(character);
        }
        return character == '"' || character == '\\' ? "\\" + (char) character : String.valueOf((char) character);
    }
}
