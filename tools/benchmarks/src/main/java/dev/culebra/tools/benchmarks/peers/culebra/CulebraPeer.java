package dev.culebra.tools.benchmarks.peers.culebra;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Tensor;
import dev.culebra.tools.benchmarks.peers.Peer;
import dev.culebra.tools.benchmarks.study.OwnedTensors;

/** Work on tensors of a backend, which it owns. */
abstract class CulebraPeer extends OwnedTensors implements Peer {
    CulebraPeer(Backend backend) {
        super(backend);
        own(backend);
    }

    /** Queues the work. */
    abstract void queue();

    /** Parameters that the next run takes for new ones, as those of a training step are. */
    final void renew(Tensor... parameters) {
        for (Tensor parameter : parameters) {
            parameter.storage().markModified();
        }
    }

    @Override
    public final void run() {
        queue();
        backend.synchronize();
    }

    final Tensor activations(int... sizes) {
        return allocated(backend.activationType(), sizes);
    }

    final Tensor activations(float[] values, int... sizes) {
        return filled(backend.activationType(), values, sizes);
    }

    final Tensor parameters(int... sizes) {
        return allocated(backend.parameterType(), sizes);
    }

    final Tensor parameters(float[] values, int... sizes) {
        return filled(backend.parameterType(), values, sizes);
    }

    private Tensor filled(DataType type, float[] values, int... sizes) {
        Tensor tensor = allocated(type, sizes);
        tensor.set(values);
        return tensor;
    }
}
