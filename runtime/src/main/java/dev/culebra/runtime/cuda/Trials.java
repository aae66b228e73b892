package dev.culebra.runtime.cuda;

/**
 * Which algorithms are tried, and where what came of it is kept.
 *
 * @param files the choices of earlier processes
 * @param from how many multiplications work must have for its algorithms to be tried
 */
record Trials(ChoiceFiles files, long from) {
    /**
     * Fewer multiplications are not tried: 2³⁰ take a large GPU some microseconds, as long as it takes to start a kernel, so
     * there is nothing to gain, and the clock does not resolve what there is.
     */
    static final long WORTHWHILE = 1L << 30;
    /** More than any work has: nothing is tried, and what a run chose before is kept all the same. */
    static final long NEVER = Long.MAX_VALUE;

    /** With this user's files; {@code -Dculebra.trials=false} tries nothing. */
    static Trials ofUser() {
        boolean tries = Boolean.parseBoolean(System.getProperty("culebra.trials", "true"));
        return new Trials(ChoiceFiles.ofUser(), tries ? WORTHWHILE : NEVER);
    }
}
