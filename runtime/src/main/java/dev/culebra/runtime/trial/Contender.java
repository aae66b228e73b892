package dev.culebra.runtime.trial;

import java.util.List;

/** One way to compute something. */
public interface Contender {
    /** Queues the work; each call computes the same again. */
    void run();

    /** What the work overwrites, in the same order for all contenders. */
    List<Numbers> results();
}
