package dev.culebra.tools.bindgen.emit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.SourceVersion;

import dev.culebra.tools.bindgen.model.CType;

/** Turns C names and declarations into what Java allows. */
final class JavaNames {
    /** Methods of {@link Object} without parameters: a static method of the same name and signature is illegal. */
    private static final Set<String> OBJECT_METHODS = Set.of("clone", "finalize", "getClass", "hashCode", "notify",
            "notifyAll", "toString", "wait");

    private JavaNames() {}

    /** The name itself, or with an underscore appended where Java reserves it. */
    static String identifier(String name) {
        return SourceVersion.isKeyword(name) || OBJECT_METHODS.contains(name) ? name + "_" : name;
    }

    /** Distinct names for parameters, {@code x0}, {@code x1}... where the header names none. */
    static List<String> parameters(CType.Function function) {
        Set<String> taken = new HashSet<>(Set.of("allocator", "function", "failure"));
        List<String> names = new ArrayList<>();
        for (CType.Parameter parameter : function.parameters()) {
            String name = parameter.name().isEmpty() ? "x" + names.size() : identifier(parameter.name());
            while (!taken.add(name)) {
                name += "_";
            }
            names.add(name);
        }
        return names;
    }

    /** Indents all lines but empty ones by one level. */
    static String indent(String lines) {
        return lines.replaceAll("(?m)^(?=.)", "    ");
    }

    /** A Javadoc comment with a C declaration, on one line where it fits. */
    static String javadoc(String declaration) {
        String code = declaration.replace("*/", "* /").replace("\\u", "\\ u");
        if (code.contains("\n")) {
            return "/**\n * <pre>{@code\n" + code.indent(1).replaceAll("(?m)^ ", " * ") + " * }</pre>\n */\n";
        }
        return "/** {@code " + code + "} */\n";
    }
}
