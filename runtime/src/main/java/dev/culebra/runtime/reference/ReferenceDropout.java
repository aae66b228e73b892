package dev.culebra.runtime.reference;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Dropout;
import dev.culebra.runtime.operation.DropoutMask;
import dev.culebra.runtime.operation.DropoutSpec;

/** {@link Dropout}: a product with the mask. */
record ReferenceDropout(DropoutSpec spec, Arguments arguments) implements Dropout {
    @Override
    public void apply(Tensor x, long step) {
        if (arguments.dropout(spec, x)) {
            return;
        }
        double[] values = x.toDoubles(); // (elements)
        applyMask(spec, step, values);
        x.set(values);
    }

    /** values ← values ⊙ mask. */
    static void applyMask(DropoutSpec spec, long step, double[] values) {
        float[] mask = new float[spec.elements()];
        DropoutMask.fill(spec, step, 0, mask);
        for (int i = 0; i < mask.length; i++) {
            values[i] *= mask[i];
        }
    }

    @Override
    public void close() {}
}
