package dev.culebra.experiments.run;

import dev.culebra.experiments.data.SplitName;

/** Hears of a run while it goes on, from the thread that runs it. */
public interface RunListener extends AutoCloseable {
    /** Something happened that is worth keeping. */
    default void event(Event event) {}

    /** A sentence for people. */
    default void note(String sentence) {}

    /** A step was made, logged or not. */
    default void progress(Progress progress) {}

    /**
     * Part of a split was evaluated.
     *
     * @param split which
     * @param batch the batches done so far
     * @param batches how many there are
     */
    default void evaluating(SplitName split, int batch, int batches) {}

    /** Nothing more will happen. */
    @Override
    default void close() {}
}
