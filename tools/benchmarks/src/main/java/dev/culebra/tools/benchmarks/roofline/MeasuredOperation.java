package dev.culebra.tools.benchmarks.roofline;

import java.util.Arrays;
import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.tools.benchmarks.study.OwnedTensors;
import dev.culebra.tools.benchmarks.study.RandomIds;
import dev.culebra.tools.benchmarks.study.RandomNumbers;

/** An operation and the tensors that its calls take. It owns both, and the backend outlives it. */
abstract class MeasuredOperation extends OwnedTensors {
    /** Filled with the same numbers again and again; a prime, so that no two rows are equal. */
    private static final float[] NUMBERS = RandomNumbers.of("numbers", 65_521, 1);

    final Widths widths;

    MeasuredOperation(Backend backend) {
        super(backend);
        this.widths = Widths.of(backend.precision());
    }

    /** What there is to measure. */
    abstract List<Call> calls();

    /** Activations, normally distributed. */
    final Tensor activations(int... sizes) {
        return filled(backend.activationType(), 1, sizes);
    }

    /** Parameters as small as those of a model at its start. */
    final Tensor parameters(int... sizes) {
        return filled(backend.parameterType(), 0.02f, sizes);
    }

    /** A tensor that holds one number everywhere. */
    final Tensor constant(DataType type, double value, int... sizes) {
        Tensor tensor = allocated(type, sizes);
        float[] values = new float[NUMBERS.length];
        Arrays.fill(values, (float) value);
        fill(tensor, values);
        return tensor;
    }

    /** Ids in 1..{@code vocabulary} - 1. */
    final Tensor ids(int vocabulary, int... sizes) {
        Tensor tensor = allocated(DataType.I32, sizes);
        tensor.set(RandomIds.of("ids", vocabulary, Math.toIntExact(tensor.elements())));
        return tensor;
    }

    private Tensor filled(DataType type, float scale, int... sizes) {
        Tensor tensor = allocated(type, sizes);
        float[] values = NUMBERS.clone();
        for (int i = 0; i < values.length; i++) {
            values[i] *= scale;
        }
        fill(tensor, values);
        return tensor;
    }

    private static void fill(Tensor tensor, float[] values) {
        for (long start = 0; start < tensor.elements(); start += values.length) {
            int count = (int) Math.min(values.length, tensor.elements() - start);
            tensor.view(start, Shape.of(count)).set(count == values.length ? values : Arrays.copyOf(values, count));
        }
    }
}
