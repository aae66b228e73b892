package dev.culebra.tools.benchmarks.peers;

import java.util.List;

/** A piece of work, done by one of those that are compared, with everything it takes at hand. */
public interface Peer extends AutoCloseable {
    /** Does it once, to its end: a device has nothing left to do when this returns. */
    void run();

    /** What the last run gave, which is to be what the others give: each quantity by itself, none of them 0. */
    List<double[]> result();

    @Override
    void close();
}
