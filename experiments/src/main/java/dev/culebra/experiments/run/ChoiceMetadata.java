package dev.culebra.experiments.run;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.culebra.runtime.Backend;

/**
 * What a backend chose by measuring, as strings of a checkpoint: a run that goes on computes as before, bit for bit, whatever
 * another measurement would choose now.
 */
final class ChoiceMetadata {
    private static final String PREFIX = "choice: ";

    private ChoiceMetadata() {}

    /** A backend's choices as a checkpoint's strings. */
    static Map<String, String> toMetadata(Backend backend) {
        Map<String, String> strings = new LinkedHashMap<>();
        backend.choices().forEach((key, choice) -> strings.put(PREFIX + key, choice));
        return strings;
    }

    /** Gives a backend the choices that a checkpoint's strings tell; before a model is built on it. */
    static void adopt(Backend backend, Map<String, String> metadata) {
        backend.adopt(choices(metadata));
    }

    /** How many of a checkpoint's choices a backend could not take over, once a model is built on it. */
    static long lost(Backend backend, Map<String, String> metadata) {
        Map<String, String> now = backend.choices();
        return choices(metadata).entrySet().stream()
                .filter(before -> now.containsKey(before.getKey())
                        && !now.get(before.getKey()).equals(before.getValue()))
                .count();
    }

    private static Map<String, String> choices(Map<String, String> metadata) {
        Map<String, String> choices = new LinkedHashMap<>();
        metadata.forEach((key, choice) -> {
            if (key.startsWith(PREFIX)) {
                choices.put(key.substring(PREFIX.length()), choice);
            }
        });
        return choices;
    }
}
