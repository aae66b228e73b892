package dev.culebra.tools.benchmarks.peers;

import dev.culebra.tools.benchmarks.study.Sizes;

/** How much is computed, by a name that can be handed to another process. */
enum Extent {
    /** The study's own sizes. */
    FULL(Sizes.FULL),
    /** The study's models on small batches. */
    LIGHT(Sizes.LIGHT),
    /** To see that it works. */
    SMALL(Sizes.SMALL);

    private final Sizes sizes;

    Extent(Sizes sizes) {
        this.sizes = sizes;
    }

    Sizes sizes() {
        return sizes;
    }
}
