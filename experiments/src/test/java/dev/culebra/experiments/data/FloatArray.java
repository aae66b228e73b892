package dev.culebra.experiments.data;

import java.util.List;

/**
 * A whole array of an archive, for tests.
 *
 * @param shape the sizes of the axes, outermost first
 * @param values the elements, row-major
 */
public record FloatArray(List<Integer> shape, float[] values) {
    /** Reads it. */
    public static FloatArray read(NpzReader reader, String name) {
        List<Integer> shape = reader.shape(name);
        float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
        reader.readFloats(name,
                (offset, piece) -> System.arraycopy(piece, 0, values, Math.toIntExact(offset), piece.length));
        return new FloatArray(shape, values);
    }
}
