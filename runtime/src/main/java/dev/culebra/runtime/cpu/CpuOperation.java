package dev.culebra.runtime.cpu;

import java.util.ArrayDeque;
import java.util.Deque;

import dev.culebra.runtime.operation.Operation;

/** Base of this backend's operations: closes what they own, the latest first. */
abstract class CpuOperation implements Operation {
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    /** Takes over the closing of a part. */
    final <T extends AutoCloseable> T own(T part) {
        owned.push(part);
        return part;
    }

    @Override
    public final void close() {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (RuntimeException exception) {
                throw exception;
            } catch (Exception exception) {
                throw new IllegalStateException(exception);
            }
        }
    }
}
