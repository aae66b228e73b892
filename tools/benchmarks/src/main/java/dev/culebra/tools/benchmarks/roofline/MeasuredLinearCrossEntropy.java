package dev.culebra.tools.benchmarks.roofline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.LinearCrossEntropy;
import dev.culebra.runtime.operation.LinearCrossEntropySpec;

/** The tied classifier with its loss: r rows of width E, V classes. */
final class MeasuredLinearCrossEntropy extends MeasuredOperation {
    private final LinearCrossEntropySpec spec;
    private final LinearCrossEntropy operation;
    private final Tensor hidden;
    private final Tensor table;
    private final Tensor targets;
    private final Tensor weights;
    private final Tensor nll;
    private final Tensor dHidden;
    private final Tensor dTable;
    /** Where all log-probabilities go; a large tensor, only where they are asked for. */
    private final Optional<Tensor> logProbabilities;

    MeasuredLinearCrossEntropy(Backend backend, LinearCrossEntropySpec spec) {
        super(backend);
        this.spec = spec;
        operation = own(backend.linearCrossEntropy(spec));
        hidden = activations(spec.rows(), spec.width());
        table = parameters(spec.vocabulary(), spec.width());
        targets = ids(spec.vocabulary(), spec.rows());
        weights = constant(backend.parameterType(), 1.0 / spec.rows(), spec.rows());
        nll = parameters(spec.rows());
        dHidden = activations(spec.rows(), spec.width());
        dTable = spec.learnTable() ? parameters(spec.vocabulary(), spec.width()) : table;
        logProbabilities = spec.learnTable()
                ? Optional.empty()
                : Optional.of(allocated(backend.parameterType(), spec.rows(), spec.vocabulary()));
    }

    @Override
    List<Call> calls() {
        String sizes = spec.rows() + " x " + spec.width() + " to " + spec.vocabulary()
                + (spec.learnTable() ? ", learned" : ", frozen");
        List<Call> calls = new ArrayList<>();
        if (!spec.learnTable()) {
            calls.add(new Call("linear cross-entropy", "forward", sizes, forward(spec, widths),
                    () -> operation.forward(hidden, table, targets, weights, nll)));
        }
        logProbabilities.ifPresent(all -> calls.add(new Call("linear cross-entropy", "log-probabilities", sizes,
                logProbabilities(spec, widths), () -> operation.logProbabilities(hidden, table, all))));
        calls.add(new Call("linear cross-entropy", "forward and backward", sizes, forwardBackward(spec, widths),
                () -> operation.forwardBackward(hidden, table, targets, weights, nll, dHidden, dTable)));
        return calls;
    }

    /** One product, 2 r E V, and of each logit the sum of exponentials, 3. Reads hidden states, table, targets, weights. */
    static Work forward(LinearCrossEntropySpec spec, Widths widths) {
        double logits = (double) spec.rows() * spec.vocabulary();
        double hidden = (double) spec.rows() * spec.width();
        double table = (double) spec.vocabulary() * spec.width();
        return new Work(logits * (2.0 * spec.width() + 3), widths.activation() * (hidden + table)
                + spec.rows() * (Widths.ID + 2.0 * widths.parameter()));
    }

    /** As forward, and of each logit a subtraction; without targets and weights, but all log-probabilities are written. */
    static Work logProbabilities(LinearCrossEntropySpec spec, Widths widths) {
        double logits = (double) spec.rows() * spec.vocabulary();
        double hidden = (double) spec.rows() * spec.width();
        double table = (double) spec.vocabulary() * spec.width();
        return new Work(logits * (2.0 * spec.width() + 4),
                widths.activation() * (hidden + table) + widths.parameter() * logits);
    }

    /**
     * As forward, and of each logit its gradient, 2, and a product, 2 E, for the hidden states' gradient, which is written, and one
     * more for the table's if that is learned. The logits themselves are not counted as traffic: what holds them is workspace.
     */
    static Work forwardBackward(LinearCrossEntropySpec spec, Widths widths) {
        double logits = (double) spec.rows() * spec.vocabulary();
        double hidden = (double) spec.rows() * spec.width();
        double table = (double) spec.vocabulary() * spec.width();
        int products = spec.learnTable() ? 2 : 1;
        return forward(spec, widths).plus(new Work(logits * (2.0 * spec.width() * products + 2),
                widths.activation() * hidden + (spec.learnTable() ? widths.parameter() * table : 0)));
    }
}
