package dev.culebra.tools.bindgen;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.culebra.tools.bindgen.model.Declaration;

/** The coverage report: how much of each library is bound, and the reason for each name that is not. */
final class Coverage {
    private static final int MANY = 12;

    private Coverage() {}

    /** The report in Markdown. */
    static String report(List<Generated> libraries) {
        StringBuilder report = new StringBuilder("""
                | library | functions bound | other names of functions | constants | structs and unions | callbacks \
                | left out | exported, not declared |
                | --- | --- | --- | --- | --- | --- | --- | --- |
                """);
        for (Generated library : libraries) {
            List<Declaration> bound = library.selection().bound();
            report.append("| %s | %d | %d | %d | %d | %d | %d | %s |\n".formatted(library.spec().title(),
                    count(bound, Declaration.Function.class), count(bound, Declaration.FunctionAlias.class),
                    count(bound, Declaration.Constant.class), count(bound, Declaration.Composite.class),
                    count(bound, Declaration.Callback.class), library.selection().excluded().size(),
                    library.spec().origin().isOfDriver() ? "not checked" : library.selection().undeclared().size()));
        }
        for (Generated library : libraries) {
            Origin origin = library.spec().origin();
            report.append(reasons(library.spec().title() + ": declared and left out",
                    library.selection().excluded()));
            report.append(reasons(library.spec().title() + ": exported and not declared",
                    library.selection().undeclared()));
            if (origin.isOfDriver()) {
                report.append("\n**%s: what `%s` exports was not checked**: it comes with the driver of a GPU.\n"
                        .formatted(library.spec().title(), origin.libraryName()));
            }
        }
        return report.toString();
    }

    private static long count(List<Declaration> declarations, Class<? extends Declaration> kind) {
        return declarations.stream().filter(kind::isInstance).count();
    }

    private static String reasons(String title, Map<String, String> reasonsByName) {
        if (reasonsByName.isEmpty()) {
            return "";
        }
        Map<String, List<String>> namesByReason = reasonsByName.entrySet().stream().collect(Collectors.groupingBy(
                Map.Entry::getValue, TreeMap::new, Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        return namesByReason.entrySet().stream().map(row -> row(row.getKey(), row.getValue()))
                .collect(Collectors.joining("", "\n**" + title + "**\n\n", ""));
    }

    /** A reason and its names, which are folded away where they are many. */
    private static String row(String reason, List<String> names) {
        String list = names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
        return names.size() <= MANY
                ? "- " + reason + ": " + list + "\n"
                : "- <details><summary>%s: %d names</summary>\n\n  %s\n\n  </details>\n".formatted(reason,
                        names.size(), list);
    }
}
