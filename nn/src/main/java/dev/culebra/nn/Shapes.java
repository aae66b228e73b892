package dev.culebra.nn;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

/** Activations (…, features) as the matrices (rows, features) that row-wise operations take. */
final class Shapes {
    private Shapes() {}

    /** The product of all axes but the last. */
    static int rows(Shape shape) {
        return Math.toIntExact(shape.elements() / shape.size(-1));
    }

    /** The same leading axes with another last one. */
    static Shape withLastAxis(Shape shape, int size) {
        int[] sizes = shape.toArray();
        sizes[sizes.length - 1] = size;
        return Shape.of(sizes);
    }

    /** The same elements as (rows, features). */
    static Tensor matrix(Tensor tensor) {
        return tensor.shape().rank() == 2
                ? tensor
                : tensor.reshape(rows(tensor.shape()), tensor.shape().size(-1));
    }
}
