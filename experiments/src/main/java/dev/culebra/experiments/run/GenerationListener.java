package dev.culebra.experiments.run;

/** Hears of text as it is generated. */
public interface GenerationListener extends AutoCloseable {
    /** Something happened. */
    void event(GenerationEvent event);

    /** A sentence for people. */
    void note(String sentence);

    /** Nothing more will happen. */
    @Override
    default void close() {}
}
