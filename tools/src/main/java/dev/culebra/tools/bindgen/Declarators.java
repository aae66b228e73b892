package dev.culebra.tools.bindgen;

import java.util.List;
import java.util.stream.Collectors;

import dev.culebra.tools.bindgen.model.CType;
import dev.culebra.tools.bindgen.model.Declaration;

/**
 * Writes C declarations the way a header would, from type spellings: what libclang prints itself holds attributes and
 * differs between its versions.
 */
final class Declarators {
    private Declarators() {}

    /** Declares {@code name} with a type, as in {@code int (*name)(void *)} or {@code int64_t name[12]}. */
    static String declare(String typeSpelling, String name) {
        String type = typeSpelling.replaceAll("\\s*([*\\[])", "$1").replaceAll("(?<=[^*(])\\*", " *");
        if (name.isEmpty()) {
            return type;
        }
        int function = type.indexOf("(*");
        if (function >= 0) {
            int at = function + 2;
            return type.substring(0, at) + name + type.substring(at);
        }
        int dimensions = type.indexOf('[');
        String element = dimensions < 0 ? type : type.substring(0, dimensions);
        return element + (element.endsWith("*") ? "" : " ") + name + type.substring(element.length());
    }

    /** Declares a function; {@code parameters} are already declared. */
    static String function(String resultSpelling, String name, List<String> parameters, boolean variadic) {
        String list = variadic ? String.join(", ", parameters) + ", ..." : String.join(", ", parameters);
        return declare(resultSpelling, name) + "(" + (list.isEmpty() ? "void" : list) + ")";
    }

    /**
     * Declares a struct or union over several lines.
     *
     * @param spelling how C refers to it: {@code struct x}, the name of a typedef, or nothing of use
     */
    static String composite(String spelling, boolean union, List<Declaration.Member> members) {
        String keyword = union ? "union" : "struct";
        String body = members.stream().map(member -> member(member).indent(4))
                .collect(Collectors.joining("", " {\n", "}"));
        if (spelling.contains("(") || spelling.isEmpty()) {
            return keyword + body;
        }
        return spelling.startsWith(keyword + " ") ? spelling + body : "typedef " + keyword + body + " " + spelling;
    }

    /** The dimensions of an array type, as in {@code [2][3]}; nothing for other types. */
    static String dimensions(CType type) {
        return type instanceof CType.Array array ? "[" + array.count() + "]" + dimensions(array.element()) : "";
    }

    private static String member(Declaration.Member member) {
        return switch (member) {
            case Declaration.Field field -> field.text() + ";";
            case Declaration.BitField field -> field.text() + ";";
            case Declaration.Anonymous anonymous -> anonymous.composite().text() + ";";
        };
    }
}
