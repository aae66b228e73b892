package dev.culebra.experiments.run;

/** Shows several runs, some of them at once. From any thread. */
public interface StudyDisplay extends AutoCloseable {
    /** What shows one of the runs, from its start until it is closed. */
    RunListener of(String run);

    /** A sentence for people, of no run or of all. */
    void note(String sentence);

    /** Nothing more will happen. */
    @Override
    void close();
}
