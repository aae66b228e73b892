package dev.culebra.runtime.trial;

import java.util.List;
import java.util.Optional;

/**
 * What the trial of one way to compute something showed.
 *
 * @param refusal why the library or the device does not have it; empty if it has
 * @param milliseconds how long it takes: the shortest time of those measured; NaN if it was refused
 * @param correct whether its results are those of the first contender, within rounding
 * @param repeatable whether its results were the same bits each time
 * @param capturable whether it can be captured in a graph, and a replay gives the same bits
 */
public record Outcome(Optional<String> refusal, double milliseconds, boolean correct, boolean repeatable,
        boolean capturable) {
    /** What a challenger must save, as a part of the time: less may be chance. */
    private static final double SAVING = 0.02;

    static Outcome refused(String reason) {
        return new Outcome(Optional.of(reason), Double.NaN, false, false, false);
    }

    /** Whether a training step may compute this way. */
    public boolean isEligible() {
        return refusal.isEmpty() && correct && repeatable && capturable;
    }

    /**
     * The fastest of those that may be taken. The first, which would be taken without a trial, is only left for one that is
     * clearly faster.
     *
     * @return its index; that of the first that runs if none may be taken, and 0 if none runs
     */
    public static int fastest(List<Outcome> outcomes) {
        int best = firstThatRuns(outcomes);
        double shortest = outcomes.getFirst().isEligible()
                ? outcomes.getFirst().milliseconds * (1 - SAVING)
                : Double.POSITIVE_INFINITY;
        for (int index = 1; index < outcomes.size(); index++) {
            Outcome outcome = outcomes.get(index);
            if (outcome.isEligible() && outcome.milliseconds < shortest) {
                best = index;
                shortest = outcome.milliseconds;
            }
        }
        return best;
    }

    private static int firstThatRuns(List<Outcome> outcomes) {
        for (int index = 0; index < outcomes.size(); index++) {
            if (outcomes.get(index).refusal.isEmpty()) {
                return index;
            }
        }
        return 0;
    }
}
