package dev.culebra.tools.benchmarks.roofline;

import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.LossHistory;
import dev.culebra.runtime.operation.LossHistorySpec;

/** Keeping a step's losses on the device, of B sequences a sum each. Reading them waits for the device and is no work of it. */
final class MeasuredLossHistory extends MeasuredOperation {
    private final LossHistorySpec spec;
    private final LossHistory operation;
    private final Tensor nll;
    private long step;

    MeasuredLossHistory(Backend backend, LossHistorySpec spec) {
        super(backend);
        this.spec = spec;
        operation = own(backend.lossHistory(spec));
        nll = parameters(spec.rows());
    }

    @Override
    List<Call> calls() {
        return List.of(new Call("loss history", "record", spec.sequences() + " x " + spec.sequenceLength(),
                work(spec, widths), () -> operation.record(nll, step++)));
    }

    /** An addition of each loss, which is read; writes a sum of each sequence in double precision. */
    static Work work(LossHistorySpec spec, Widths widths) {
        return new Work(spec.rows(), widths.parameter() * (double) spec.rows() + 8.0 * spec.sequences());
    }
}
