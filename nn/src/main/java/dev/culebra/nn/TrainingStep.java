package dev.culebra.nn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import dev.culebra.runtime.operation.LossHistory;
import dev.culebra.runtime.operation.LossHistorySpec;

/**
 * A training step as one piece of work: forward, loss, backward and update.
 *
 * <p>A device that can {@linkplain dev.culebra.runtime.Backend#repeat record} it does it by one launch from the second step on,
 * and the host goes on to the next batch meanwhile: it waits only when somebody asks for {@link #losses}. The losses of a step
 * are known only after its update, therefore; one that is no number has spoilt the weights by then.
 *
 * <p>Close it before the optimiser; it belongs to neither. One thread at a time.
 */
public final class TrainingStep implements AutoCloseable {
    /** Of how many steps the device keeps the losses. */
    private static final int CAPACITY = 256;

    private final LanguageModel model;
    private final ModelOptimizer optimizer;
    private final LossHistory history;
    private final Network.Pass pass;
    /** Of the steps whose losses are on the device, the oldest first, the unmasked tokens of each sequence. */
    private final Queue<int[]> unread = new ArrayDeque<>();
    private final List<BatchLoss> read = new ArrayList<>();
    private long next;

    /** The steps of a model and its optimiser. */
    public TrainingStep(LanguageModel model, ModelOptimizer optimizer) {
        this.model = model;
        this.optimizer = optimizer;
        Network network = model.network();
        history = network.own(network.backend().lossHistory(
                new LossHistorySpec(model.options().batch(), model.options().sequenceLength(), CAPACITY)));
        pass = network.training(model::forwardAndBackward, this::finish);
    }

    private void finish() {
        history.record(model.nll(), model.network().step());
        optimizer.apply();
    }

    /**
     * Makes the optimiser's next step; the device may not have done it yet when this returns.
     *
     * @param tokenIds (B, T), each in 0..V-1; 0 is padding
     * @param targetIds the tokens to predict, likewise
     * @param mask (B, T): 0 where a target does not count. A smaller batch masks whole sequences
     * @throws IllegalArgumentException if a length is not B·T or an id lies outside the vocabulary
     * @throws IllegalStateException if the optimiser made other steps since, and losses were not asked for before
     */
    public void run(int[] tokenIds, int[] targetIds, float[] mask) {
        if (unread.size() == CAPACITY) {
            readLosses();
        }
        if (!unread.isEmpty() && optimizer.step() != next) {
            throw new IllegalStateException("the optimiser stands at step " + optimizer.step() + " instead of " + next
                    + ": ask for the losses before somebody else moves it");
        }
        int[] unmasked = model.load(tokenIds, targetIds, mask);
        optimizer.prepare();
        pass.run(optimizer.step());
        optimizer.advance();
        next = optimizer.step();
        unread.add(unmasked);
    }

    /** Waits for the device and says the losses of the steps since the last call, the oldest first, each before its update. */
    public List<BatchLoss> losses() {
        readLosses();
        List<BatchLoss> losses = List.copyOf(read);
        read.clear();
        return losses;
    }

    private void readLosses() {
        int count = unread.size();
        double[] sums = history.read(next - count, count);
        for (int i = 0; i < count; i++) {
            read.add(BatchLoss.of(sums, i * model.options().batch(), unread.remove()));
        }
    }

    /** Frees what the device recorded, and the losses. */
    @Override
    public void close() {
        try (history) {
            pass.forget();
        }
    }
}
