package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/** {@link LossHistory} for backends that compute on the host. */
public final class HostLossHistory implements LossHistory {
    private final LossHistorySpec spec;
    private final Arguments arguments;
    private final double[] sums; // (capacity, B)

    /** Nothing is recorded yet. */
    public HostLossHistory(LossHistorySpec spec, Arguments arguments) {
        this.spec = spec;
        this.arguments = arguments;
        this.sums = new double[spec.capacity() * spec.sequences()];
    }

    @Override
    public LossHistorySpec spec() {
        return spec;
    }

    @Override
    public void record(Tensor nll, long step) {
        if (arguments.lossHistory(spec, nll)) {
            return;
        }
        double[] each = nll.toDoubles(); // (B, T)
        for (int sequence = 0; sequence < spec.sequences(); sequence++) {
            double sum = 0;
            for (int t = 0; t < spec.sequenceLength(); t++) {
                sum += each[sequence * spec.sequenceLength() + t];
            }
            sums[spec.slot(step) * spec.sequences() + sequence] = sum;
        }
    }

    @Override
    public double[] read(long first, int count) {
        return spec.inOrder(sums, first, count);
    }

    @Override
    public void close() {}
}
