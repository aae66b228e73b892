package dev.culebra.experiments.prepare;

/** Hears how far a preparation is. */
public interface PreparationListener {
    /**
     * Some of a task is done.
     *
     * @param task its name
     * @param done how many bytes
     * @param total of how many, or -1 where nobody knows
     */
    void progress(String task, long done, long total);

    /** A sentence for people. */
    void note(String sentence);
}
