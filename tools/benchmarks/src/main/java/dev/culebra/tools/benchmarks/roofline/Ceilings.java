package dev.culebra.tools.benchmarks.roofline;

/**
 * The rates that a device reaches where nothing else is in the way.
 *
 * @param flopPerSecond of a large matrix product, in one precision
 * @param bytesPerSecond of a large copy, what is read and what is written counted
 */
record Ceilings(double flopPerSecond, double bytesPerSecond) {
    /** What bounds a piece of work from below. */
    enum Bound {
        /** Its arithmetic. */
        ARITHMETIC,
        /** Its traffic of memory. */
        MEMORY
    }

    /** Which of the two takes longer at its ceiling. */
    Bound bound(Work work) {
        return work.flop() / flopPerSecond > work.bytes() / bytesPerSecond ? Bound.ARITHMETIC : Bound.MEMORY;
    }

    /** The seconds that the work takes at the ceiling that binds it. */
    double leastSeconds(Work work) {
        return Math.max(work.flop() / flopPerSecond, work.bytes() / bytesPerSecond);
    }

    /** How much of the ceiling that binds it a piece of work reaches: 1 is all of it. */
    double share(Work work, double seconds) {
        return leastSeconds(work) / seconds;
    }
}
