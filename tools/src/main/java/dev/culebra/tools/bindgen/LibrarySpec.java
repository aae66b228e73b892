package dev.culebra.tools.bindgen;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is bound of one native library. {@link LibrarySpecs} is the table of them.
 *
 * @param title the vendor's name and version of the headers, for example {@code oneDNN 3.13}
 * @param origin where headers and library come from
 * @param target where the generated sources go
 * @param prefixes how the library's own names begin; other names are left out unless a bound function needs them
 * @param exclusions what is declared and has the right name, but is left out
 * @param undeclared what the library exports without declaring it in the headers that are read
 */
public record LibrarySpec(String title, Origin origin, Target target, List<String> prefixes, List<Reason> exclusions,
        List<Reason> undeclared) {

    /** Whether {@code name} looks like a name of this library. */
    boolean owns(String name) {
        return prefixes.stream().anyMatch(name::startsWith);
    }

    /**
     * The generated package.
     *
     * @param packageName its name
     * @param className the class of functions and constants
     * @param library the Java expression that names the library to load
     */
    public record Target(String packageName, String className, String library) {}

    /**
     * A row of an exclusion table.
     *
     * @param names a pattern that whole C names match
     * @param reason why they are not bound
     */
    public record Reason(Pattern names, String reason) {

        static Reason of(String names, String reason) {
            return new Reason(Pattern.compile(names), reason);
        }

        /** The reason of the first row that matches. */
        static Optional<String> find(List<Reason> table, String name) {
            return table.stream().filter(row -> row.names().matcher(name).matches()).map(Reason::reason).findFirst();
        }
    }
}
