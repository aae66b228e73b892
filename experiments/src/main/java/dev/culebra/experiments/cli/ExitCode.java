package dev.culebra.experiments.cli;

/** What the program's exit codes mean. */
final class ExitCode {
    /** The work is done. */
    static final int DONE = 0;
    /** The work could not be finished. */
    static final int FAILED = 1;
    /** Bad usage or bad input. */
    static final int BAD_INPUT = 2;
    /** Ctrl-C: 128 and the number of the signal, as shells have it. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
