package dev.culebra.experiments.run;

/** Hears of text as it is generated. */
public interface GenerationListener extends AutoCloseable {
    /** Something happened. */
    void event(GenerationEvent event);

    /** A sentence for people. */
    void note(String sentence);

    /** Whether anybody still takes what happens: if not, no more is generated. */
    boolean isHeard();

    /** Nothing more will happen. */
    @Override
    default void close() {}
}
