package dev.culebra.tools.bindgen.emit;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.tools.bindgen.model.CType;

/** Writes the class of a function pointer type: Java code as a C function, and a C function called from Java. */
final class CallbackEmitter {
    private CallbackEmitter() {}

    /**
     * A callback class.
     *
     * @param name its simple name
     * @param modifiers those of the class
     * @param text the C declaration
     * @param function the function pointed to, not variadic
     */
    static String callback(String name, String modifiers, String text, CType.Function function) {
        String carrier = Layouts.carrier(function.result());
        boolean byValue = function.result() instanceof CType.ByValue;
        boolean isVoid = function.result() instanceof CType.Void;
        List<String> names = JavaNames.parameters(function);
        List<String> parameters = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            parameters.add(Layouts.carrier(function.parameters().get(i).type()) + " " + names.get(i));
        }
        List<String> invoked = new ArrayList<>(List.of("MemorySegment function"));
        List<String> arguments = new ArrayList<>(List.of("function"));
        if (byValue) {
            invoked.add("SegmentAllocator allocator");
            arguments.add("allocator");
        }
        invoked.addAll(parameters);
        arguments.addAll(names);
        return """
                %1$s%2$s class %3$s {
                    private %3$s() {}

                    /** The function as Java code. An exception that leaves it ends the process. */
                    @FunctionalInterface
                    public interface Function {
                        /** {@code %4$s} */
                        %5$s apply(%6$s);
                    }

                    private static final FunctionDescriptor DESCRIPTOR = %7$s;

                    /** The layouts of result and parameters. */
                    public static FunctionDescriptor descriptor() { return DESCRIPTOR; }

                    private static final class Upcall { static final MethodHandle HANDLE = Native.upcallHandle(Function.class, "apply", DESCRIPTOR); }
                    private static final class Downcall { static final MethodHandle HANDLE = Native.downcallHandle(DESCRIPTOR); }

                    /** Makes a C function pointer that calls {@code function}, valid as long as the arena. */
                    public static MemorySegment allocate(Function function, Arena arena) {
                        return Native.upcallStub(Upcall.HANDLE.bindTo(function), DESCRIPTOR, arena);
                    }

                    /** Calls a C function pointer. */
                    public static %5$s invoke(%8$s) {
                        try {
                            %9$sDowncall.HANDLE.invokeExact(%10$s);
                        } catch (Throwable failure) {
                            throw Native.failure("%3$s", failure);
                        }
                    }
                }
                """
                .formatted(JavaNames.javadoc(text), modifiers, name, text.replace("*/", "* /"), carrier,
                        String.join(", ", parameters), Layouts.descriptor(function), String.join(", ", invoked),
                        isVoid ? "" : "return (" + carrier + ") ", String.join(", ", arguments));
    }
}
