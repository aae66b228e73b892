package dev.culebra.tools.benchmarks.roofline;

/**
 * One call of an operation, with everything it takes at hand: it can be made again and again.
 *
 * @param operation what is called
 * @param pass which of its calls, such as {@code forward}
 * @param sizes for people
 * @param work what the call has to do at least
 * @param run makes the call
 */
record Call(String operation, String pass, String sizes, Work work, Runnable run) {
    /** What tells it from others. */
    String name() {
        return operation + ", " + pass + ", " + sizes;
    }
}
