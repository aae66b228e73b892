package dev.culebra.experiments.data;

import java.util.Locale;

/** Where sequences may begin and end. */
public enum BreakMode {
    /** Anywhere: the split is one long text. */
    NONE,
    /** No sequence crosses the end of a line. */
    LINES,
    /** A sequence takes as many whole lines as fit; a longer line is cut on its own. */
    COMPLETE;

    /** As on the command line: {@code none}, {@code lines}, {@code complete}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
