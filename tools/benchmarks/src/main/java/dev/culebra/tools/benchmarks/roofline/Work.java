package dev.culebra.tools.benchmarks.roofline;

/**
 * What has to be done at least.
 *
 * @param flop floating-point operations, a multiplication and an addition counted as two
 * @param bytes what has to be read and written: each tensor that goes in or comes out, once. What an operation needs in between
 *     is not counted, and neither is what it reads twice: less cannot be moved unless a cache holds it from the call before
 */
record Work(double flop, double bytes) {
    static final Work NONE = new Work(0, 0);

    /** Both. */
    Work plus(Work other) {
        return new Work(flop + other.flop, bytes + other.bytes);
    }

    /** What is left without a part of it. */
    Work minus(Work part) {
        return new Work(flop - part.flop, bytes - part.bytes);
    }

    /** The same so many times. */
    Work times(int count) {
        return new Work(flop * count, bytes * count);
    }
}
