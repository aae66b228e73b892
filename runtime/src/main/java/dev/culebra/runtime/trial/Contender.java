package dev.culebra.runtime.trial;

import java.util.List;

/** One way to compute something. */
public interface Contender {
    /** Queues the work; each call computes the same again. */
    void run();

    /**
     * Queues what must be right, repeat and be capturable as well, but whose time does not count; it comes after {@link #run}.
     * Nothing, unless there is some.
     */
    default void runUntimed() {}

    /** What all of it overwrites, in the same order for all contenders. */
    List<Numbers> results();
}
