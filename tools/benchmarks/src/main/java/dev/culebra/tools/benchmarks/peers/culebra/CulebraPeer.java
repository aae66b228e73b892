package dev.culebra.tools.benchmarks.peers.culebra;

import java.util.stream.DoubleStream;
import java.util.stream.Stream;

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

    /** All numbers of these, one tensor after another. */
    static double[] numbers(Tensor... tensors) {
        return Stream.of(tensors).flatMapToDouble(tensor -> DoubleStream.of(tensor.toDoubles())).toArray();
    }
}
