package dev.culebra.bindings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was tried in vain in search of a library, for the message in case it is not found. */
public final class Attempts {
    private final Map<String, List<String>> namesOfLines = new LinkedHashMap<>();
    private final List<String> refused = new ArrayList<>();

    /** Nothing has been tried yet. */
    Attempts() {}

    /** A remark of one line; the same remark twice stays one. */
    void note(String line) {
        namesOfLines.putIfAbsent(line, new ArrayList<>());
    }

    /** A folder has no file of that name. */
    void absent(Path folder, String how, String name) {
        namesOfLines.computeIfAbsent(folder + " (" + how + "): no ", line -> new ArrayList<>()).add(name);
    }

    /** A file is there and cannot be used. */
    void refused(Path file, String how, String reason) {
        String line = file + " (" + how + "): " + reason;
        note(line);
        if (!refused.contains(line)) {
            refused.add(line);
        }
    }

    /** The lines of what is there and cannot be used. */
    List<String> refused() {
        return List.copyOf(refused);
    }

    /** A line for each thing that was tried, in that order. */
    List<String> lines() {
        return namesOfLines.entrySet().stream().map(entry -> entry.getKey() + String.join(", ", entry.getValue()))
                .toList();
    }
}
