package dev.culebra.tools.bindgen.emit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.culebra.tools.bindgen.LibrarySpec;
import dev.culebra.tools.bindgen.model.CType;
import dev.culebra.tools.bindgen.model.Declaration;

/**
 * The last pass: writes the Java sources of one package.
 *
 * <p>
 * All functions and constants stand in one class. The JVM allows a class some 65,000 entries in its constant pool, so
 * a large header set goes into a chain of classes of which each extends the next; calls look the same.
 */
public final class JavaEmitter {
    /** How to make the sources again; stands in the first line of each. */
    public static final String COMMAND = "./mvnw -q -P bindgen -pl tools -am process-test-classes";

    private static final int POOL_ENTRIES_PER_CLASS = 50_000;
    private static final int POOL_ENTRIES_OF_FUNCTION = 20;
    private static final int POOL_ENTRIES_OF_CONSTANT = 5;

    private final LibrarySpec spec;
    private final int poolEntriesPerClass;
    private final SortedMap<String, String> files = new TreeMap<>();
    private final Set<String> namesInLowerCase = new HashSet<>();

    private JavaEmitter(LibrarySpec spec, int poolEntriesPerClass) {
        this.spec = spec;
        this.poolEntriesPerClass = poolEntriesPerClass;
    }

    /**
     * Writes the sources.
     *
     * @param declarations what is bound
     * @return sources by file name
     * @throws IllegalArgumentException if two classes would have one name on a file system that ignores case
     */
    public static SortedMap<String, String> emit(LibrarySpec spec, List<Declaration> declarations) {
        return emit(spec, declarations, POOL_ENTRIES_PER_CLASS);
    }

    /** Writes the sources, with a class of functions and constants that splits earlier. */
    public static SortedMap<String, String> emit(LibrarySpec spec, List<Declaration> declarations,
            int poolEntriesPerClass) {
        JavaEmitter emitter = new JavaEmitter(spec, poolEntriesPerClass);
        declarations.forEach(emitter::type);
        emitter.functionsAndConstants(declarations);
        emitter.file("package-info", "/** Raw bindings to " + spec.title()
                + ", generated from its headers: names, values and status codes are those of C. */\npackage "
                + spec.target().packageName() + ";\n");
        return emitter.files;
    }

    private void type(Declaration declaration) {
        switch (declaration) {
            case Declaration.Composite composite ->
                type(composite.javaName(), CompositeEmitter.composite(composite, "public"));
            case Declaration.CompositeAlias alias -> type(alias.name(), """
                    %1$spublic final class %2$s extends %3$s {
                        private %2$s() {}
                    }
                    """.formatted(JavaNames.javadoc(alias.text()), alias.name(), alias.target().javaName()));
            case Declaration.Callback callback -> type(callback.name(), CallbackEmitter.callback(callback.name(),
                    "public final", callback.text(), callback.type()));
            case Declaration.Function function -> parameterCallbacks(function);
            case Declaration.FunctionAlias _,Declaration.Constant _,Declaration.Unbound _ -> {
            }
        }
    }

    /** Function pointers that are declared inside a parameter list have no name in C; here they need one. */
    private void parameterCallbacks(Declaration.Function function) {
        for (CType.Parameter parameter : function.type().parameters()) {
            if (parameter.type() instanceof CType.Pointer pointer) {
                pointer.function().filter(target -> !target.variadic()).ifPresent(target -> {
                    String name = function.name() + "$" + parameter.name();
                    type(name, CallbackEmitter.callback(name, "public final", function.text(), target));
                });
            }
        }
    }

    private void functionsAndConstants(List<Declaration> declarations) {
        List<StringBuilder> bodies = new ArrayList<>(List.of(new StringBuilder()));
        int entries = 0;
        for (Declaration declaration : declarations) {
            String member = switch (declaration) {
                case Declaration.Constant constant -> FunctionEmitter.constant(constant);
                case Declaration.Function function -> "\n" + FunctionEmitter.function(function);
                case Declaration.FunctionAlias alias -> "\n" + FunctionEmitter.alias(alias);
                case Declaration.Composite _,Declaration.CompositeAlias _,Declaration.Callback _,Declaration.Unbound _ ->
                    "";
            };
            int needed = member.isEmpty()
                    ? 0
                    : declaration instanceof Declaration.Constant ? POOL_ENTRIES_OF_CONSTANT : POOL_ENTRIES_OF_FUNCTION;
            if (entries + needed > poolEntriesPerClass) {
                bodies.add(new StringBuilder());
                entries = 0;
            }
            bodies.getLast().append(JavaNames.indent(member));
            entries += needed;
        }
        for (int i = 0; i < bodies.size(); i++) {
            link(i, i == bodies.size() - 1, bodies.get(i).toString());
        }
    }

    /** One class of the chain. The first holds the library, the last, which extends all others, is the public one. */
    private void link(int index, boolean last, String body) {
        String name = linkName(index, last);
        String head = last
                ? "/** The functions and constants of " + spec.title() + ". */\npublic final class " + name
                : "class " + name;
        String parent = index == 0 ? "" : " extends " + linkName(index - 1, false);
        String library = index == 0
                ? "    static final NativeLibrary LIBRARY = " + spec.target().library() + ";\n\n"
                : "";
        type(name, head + parent + " {\n" + library + "    " + (last ? "private " : "") + name + "() {}\n\n" + body
                + "}\n");
    }

    private String linkName(int index, boolean last) {
        return last ? spec.target().className() : spec.target().className() + "_" + (index + 1);
    }

    private void type(String name, String source) {
        file(name, """
                package %s;

                import dev.culebra.bindings.*;
                import java.lang.foreign.*;
                import java.lang.invoke.MethodHandle;
                import java.util.Objects;

                import static dev.culebra.bindings.Native.*;

                """.formatted(spec.target().packageName()) + source);
    }

    private void file(String name, String source) {
        if (!namesInLowerCase.add(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("two declarations of " + spec.title() + " would be " + name + ".java");
        }
        files.put(name + ".java", "// Generated by culebra bindgen from " + spec.title()
                + " headers. Do not edit: run " + COMMAND + "\n" + source);
    }
}
