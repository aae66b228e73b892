package dev.culebra.tools.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;

/**
 * The losses of training steps on one batch. The first depends little on the model, about log V; how far the later ones lie below
 * it, on every gradient and every update.
 */
public final class Losses {
    /** Stands beside a difference, so that the rounding of a loss weighs little where that is small. */
    private static final double NATS = 0.01;

    private final List<Double> losses = new ArrayList<>();

    /** Before any step. */
    public Losses() {}

    /** Adds that of the next step. */
    public void add(double loss) {
        losses.add(loss);
    }

    /** The latest, and from the second on how far it lies below the first. */
    public List<double[]> result() {
        double latest = losses.getLast();
        return losses.size() == 1
                ? List.of(new double[] {latest})
                : List.of(new double[] {latest}, new double[] {losses.getFirst() - latest, NATS});
    }
}
