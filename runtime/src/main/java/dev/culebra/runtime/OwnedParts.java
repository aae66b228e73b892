package dev.culebra.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Parts that something owns: closed with it, the latest first, and all of them, also when the closing of one fails. */
public final class OwnedParts implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** Nothing is owned yet. */
    public OwnedParts() {}

    /** Takes over the closing of a part. */
    public <T extends AutoCloseable> T own(T part) {
        parts.push(part);
        return part;
    }

    /**
     * Closes all parts; a second call does nothing.
     *
     * @throws RuntimeException the first failure, with the others suppressed; a checked one as the cause of an
     *     {@link IllegalStateException}
     */
    @Override
    public void close() {
        Optional<RuntimeException> first = Optional.empty();
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception failure) {
                first.ifPresent(earlier -> earlier.addSuppressed(failure));
                first = first.or(() -> Optional.of(
                        failure instanceof RuntimeException unchecked
                                ? unchecked
                                : new IllegalStateException(failure)));
            }
        }
        if (first.isPresent()) {
            throw first.get();
        }
    }

    /** For a constructor that ends with {@code failure}: closes what it had made, and lets nothing hide the failure. */
    public void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException | Error further) {
            failure.addSuppressed(further);
        }
    }
}
