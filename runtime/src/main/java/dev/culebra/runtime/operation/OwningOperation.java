package dev.culebra.runtime.operation;

import dev.culebra.runtime.OwnedParts;

/** Base of backends' operations: closes what they own, the latest first. */
public abstract class OwningOperation implements Operation {
    private final OwnedParts owned = new OwnedParts();

    /** Owns nothing yet. */
    protected OwningOperation() {}

    /** Takes over the closing of a part. */
    protected final <T extends AutoCloseable> T own(T part) {
        return owned.own(part);
    }

    @Override
    public final void close() {
        owned.close();
    }

    /** For a constructor that ends with {@code failure}: frees what it had made, and lets nothing hide the failure. */
    protected final void closeAfter(Throwable failure) {
        owned.closeAfter(failure);
    }
}
