package dev.culebra.runtime.nccl;

import dev.culebra.bindings.nccl.nccl;

/** How the values of all members become one. */
public enum Reduction {
    /** Their sum. */
    SUM(nccl.ncclSum),
    /** Their mean. */
    MEAN(nccl.ncclAvg),
    /** The largest. */
    MAXIMUM(nccl.ncclMax),
    /** The smallest. */
    MINIMUM(nccl.ncclMin);

    private final int code;

    Reduction(int code) {
        this.code = code;
    }

    /** The {@code ncclRedOp_t}. */
    int code() {
        return code;
    }
}
