package dev.culebra.runtime.operation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Base of backends' operations: closes what they own, the latest first. */
public abstract class OwningOperation implements Operation {
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    /** Owns nothing yet. */
    protected OwningOperation() {}

    /** Takes over the closing of a part. */
    protected final <T extends AutoCloseable> T own(T part) {
        owned.push(part);
        return part;
    }

    @Override
    public final void close() {
        try {
            closeOwned();
        } catch (RuntimeException exception) {
            throw exception;
        } catch (Exception exception) {
            throw new IllegalStateException(exception);
        }
    }

    /** For a constructor that ends with {@code failure}: frees what it had made, and lets nothing hide the failure. */
    protected final void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException | Error further) {
            failure.addSuppressed(further);
        }
    }

    /** The latest first, and all of them, also when the closing of one fails. */
    private void closeOwned() throws Exception {
        Optional<Exception> first = Optional.empty();
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception exception) {
                first.ifPresent(earlier -> earlier.addSuppressed(exception));
                first = first.or(() -> Optional.of(exception));
            }
        }
        if (first.isPresent()) {
            throw first.get();
        }
    }
}
