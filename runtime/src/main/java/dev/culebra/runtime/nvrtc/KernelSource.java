package dev.culebra.runtime.nvrtc;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * CUDA C++ and the headers it includes, all as text: no files.
 *
 * @param name the name of the source in the compiler's messages, such as {@code layer_norm.cu}
 * @param text the source
 * @param headers the text of each header by the name under which it is included
 */
public record KernelSource(String name, String text, Map<String, String> headers) {
    private static final Pattern SPLICE = Pattern.compile("\\\\[ \\t]*\\R");
    private static final Pattern READS_FILE = Pattern.compile("(?:#|%:)(?:\\s|/\\*.*?\\*/)*"
            + "(?:include\\b\\s*(?:<([^>]*)>|\"([^\"]*)\")?|(?:include_next|import|embed)\\b)"
            + "|\\b__has_(?:include|include_next|embed)\\b", Pattern.DOTALL);

    /**
     * Keeps a copy of the headers, sorted by name.
     *
     * @throws IllegalArgumentException if a text or name has a NUL character, at which C would take it to end
     */
    public KernelSource {
        headers = Collections.unmodifiableMap(new TreeMap<>(headers));
        Stream.concat(Stream.of(name, text),
                headers.entrySet().stream().flatMap(e -> Stream.of(e.getKey(), e.getValue())))
                .forEach(KernelSource::refuseNul);
    }

    /** A source without headers. */
    public KernelSource(String name, String text) {
        this(name, text, Map.of());
    }

    /**
     * Whether all that it includes is in {@link #headers}. If not, what the compiler makes of it depends on files too.
     * Where the text does not show it, the answer is no: an include of a macro's value, or one that is commented out.
     */
    boolean isSelfContained() {
        return Stream.concat(Stream.of(text), headers.values().stream())
                .flatMap(code -> READS_FILE.matcher(SPLICE.matcher(code).replaceAll("")).results())
                .allMatch(include -> Stream.of(1, 2).map(include::group).filter(Objects::nonNull)
                        .anyMatch(headers::containsKey));
    }

    static void refuseNul(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "NUL in a text for the compiler, after: " + text.substring(0, text.indexOf('\0')));
        }
    }
}
