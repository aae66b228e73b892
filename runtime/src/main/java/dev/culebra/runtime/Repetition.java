package dev.culebra.runtime;

/**
 * Work that is done again and again, by the same operations on the same tensors: made by {@link Backend#repeat}.
 *
 * <p>What a device recorded of it needs the tensors' memory and the operations: {@linkplain #forget forget} it before they
 * are closed. One thread at a time.
 */
public interface Repetition {
    /**
     * Does the work, or has it done: it need not have ended.
     *
     * @param step the number of the step, which dropout masks and {@linkplain dev.culebra.runtime.operation.LossHistory
     *     histories} depend on
     */
    void run(long step);

    /** Frees what was recorded. The work can be done again, and is recorded anew. */
    void forget();
}
