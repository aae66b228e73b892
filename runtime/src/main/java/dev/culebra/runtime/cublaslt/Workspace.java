package dev.culebra.runtime.cublaslt;

import java.lang.foreign.MemorySegment;

/**
 * Device memory that algorithms compute in; the caller owns it. Products that run at the same time need one each. Immutable.
 */
public final class Workspace {
    /** No workspace. */
    public static final Workspace NONE = new Workspace(0, 0);

    private final MemorySegment address;
    private final long bytes;

    /**
     * Memory from {@code address} on.
     *
     * @param address a multiple of 256 bytes: algorithms with split sums want at least 16
     * @param bytes its size
     */
    public Workspace(long address, long bytes) {
        this.address = MemorySegment.ofAddress(address);
        this.bytes = bytes;
    }

    MemorySegment address() {
        return address;
    }

    /** Its size. */
    public long bytes() {
        return bytes;
    }
}
