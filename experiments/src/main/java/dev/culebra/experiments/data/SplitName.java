package dev.culebra.experiments.data;

import java.util.Locale;

/** The three parts of a corpus. */
public enum SplitName {
    /** What models learn from. */
    TRAIN,
    /** What chooses the best epoch. */
    VALIDATION,
    /** What is looked at once, at the end. */
    TEST;

    /** As in file names and on the command line: {@code train}, {@code validation}, {@code test}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
