package dev.culebra.runtime.cublaslt;

import dev.culebra.runtime.driver.DeviceRegion;

/**
 * Device memory that algorithms compute in. Products that run at the same time need one each. It owns nothing. Immutable.
 */
public final class Workspace {
    /** No workspace. */
    public static final Workspace NONE = new Workspace(Operand.NONE);

    private final Operand operand;

    private Workspace(Operand operand) {
        this.operand = operand;
    }

    /** All of a region, which begins at a multiple of 256 bytes, as allocations do. */
    public static Workspace of(DeviceRegion region) {
        return new Workspace(Operand.of(region));
    }

    /** Its size. */
    public long bytes() {
        return operand.bytes();
    }

    Operand operand() {
        return operand;
    }
}
