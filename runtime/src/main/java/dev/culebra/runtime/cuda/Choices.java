package dev.culebra.runtime.cuda;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What was chosen by measuring, each choice under a key that says all it depends on. Measurements scatter, and another choice
 * may compute other bits: so what was chosen once is kept, first by the run, which hands it on with its checkpoints, and then
 * by the user's files.
 */
final class Choices {
    private final ChoiceFiles files;
    private final String circumstances;
    private final Map<String, String> made = new TreeMap<>();

    /**
     * Nothing is chosen yet.
     *
     * @param files what earlier processes chose
     * @param circumstances what may change which way is fastest, but not what it computes: files hold for it alone
     */
    Choices(ChoiceFiles files, String circumstances) {
        this.files = files;
        this.circumstances = circumstances;
    }

    /** Takes over what a run chose before. */
    void adopt(Map<String, String> earlier) {
        made.putAll(earlier);
    }

    /** All choices that were made or taken over. */
    Map<String, String> all() {
        return Map.copyOf(made);
    }

    /** Whether the run has chosen this already. */
    boolean has(String key) {
        return made.containsKey(key);
    }

    /**
     * Makes a choice: the run's own, the files', or a new one.
     *
     * @param holds takes a remembered choice up, if that can be done, and says whether it could
     * @param trial makes a new one and takes it up, if it can
     * @param untried the choice where that could not be tried: the run's alone
     * @return the choice, which is taken up
     */
    String make(String key, Predicate<String> holds, Supplier<Optional<String>> trial, Supplier<String> untried) {
        if (made.containsKey(key) && holds.test(made.get(key))) {
            return made.get(key);
        }
        String file = key + "; " + circumstances;
        Optional<String> known = files.read(file);
        Optional<String> choice = known.filter(holds);
        if (choice.isEmpty()) {
            choice = trial.get().map(tried -> settled(file, tried, known, holds));
        }
        made.put(key, choice.orElseGet(untried));
        return made.get(key);
    }

    private String settled(String file, String tried, Optional<String> known, Predicate<String> holds) {
        String standing = files.write(file, tried, known);
        return standing.equals(tried) || holds.test(standing) ? standing : tried;
    }
}
