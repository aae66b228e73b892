package dev.culebra.experiments.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something that was looked for on this machine.
 *
 * @param name what it is
 * @param state whether it is there
 * @param detail version and place, or why it cannot be used
 * @param warnings what may go wrong with it
 * @param absence where it was looked for and how to get it, where it is not there
 * @param facts what {@code detail} says, for programs
 */
record Finding(String name, State state, String detail, List<String> warnings, Optional<Absence> absence,
        Map<String, Object> facts) {

    /** Whether something is there. */
    enum State {
        /** It is there. */
        FOUND("found"),
        /** It is not, and is needed here. */
        MISSING("MISSING"),
        /** It is not, and nothing that is there needs it. */
        ABSENT("absent");

        private final String label;

        State(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /**
     * What there is to say of something that is not there.
     *
     * @param tried a line for each thing that was tried
     * @param remedy how to get it: one command, where there is one
     */
    record Absence(List<String> tried, String remedy) {}

    static Finding present(String name, String detail) {
        return present(name, detail, Map.of());
    }

    static Finding present(String name, String detail, Map<String, Object> facts) {
        return new Finding(name, State.FOUND, detail, List.of(), Optional.empty(), facts);
    }

    static Finding missing(String name, String detail, String remedy) {
        return new Finding(name, State.MISSING, detail, List.of(), Optional.of(new Absence(List.of(), remedy)),
                Map.of());
    }
}
