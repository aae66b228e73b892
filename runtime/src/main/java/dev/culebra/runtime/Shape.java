package dev.culebra.runtime;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The sizes of a tensor's axes, outermost first. Immutable. */
public final class Shape {
    private final int[] sizes;
    private final long elements;

    private Shape(int[] sizes) {
        long product = 1;
        for (int size : sizes) {
            if (size < 0) {
                throw new IllegalArgumentException("a negative size in " + Arrays.toString(sizes));
            }
            product = Math.multiplyExact(product, size);
        }
        this.sizes = sizes;
        this.elements = product;
    }

    /** A shape with these sizes; no sizes at all is a scalar. */
    public static Shape of(int... sizes) {
        return new Shape(sizes.clone());
    }

    /** The number of axes. */
    public int rank() {
        return sizes.length;
    }

    /** The size of an axis; negative axes count from the last one, {@code -1}. */
    public int size(int axis) {
        return sizes[axis < 0 ? sizes.length + axis : axis];
    }

    /** The product of all sizes. */
    public long elements() {
        return elements;
    }

    /** The sizes, in a new array. */
    public int[] toArray() {
        return sizes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    /** As in papers: {@code (16, 256, 768)}. */
    @Override
    public String toString() {
        return Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining(", ", "(", ")"));
    }
}
