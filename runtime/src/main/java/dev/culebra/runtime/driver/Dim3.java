package dev.culebra.runtime.driver;

/**
 * How many threads a block has, or how many blocks a grid, along each axis.
 *
 * @param x along the axis whose neighbours run together
 * @param y along the second
 * @param z along the third
 */
public record Dim3(int x, int y, int z) {
    /** Along one axis. */
    public static Dim3 of(int x) {
        return new Dim3(x, 1, 1);
    }

    /** Along two axes. */
    public static Dim3 of(int x, int y) {
        return new Dim3(x, y, 1);
    }

    /** How many there are in all. */
    public long count() {
        return (long) x * y * z;
    }

    /** Throws unless each size is at least 1 and at most that of {@code limit}. */
    void check(String what, Dim3 limit) {
        if (x < 1 || y < 1 || z < 1 || x > limit.x || y > limit.y || z > limit.z) {
            throw new IllegalArgumentException(
                    what + " " + this + " is not between " + new Dim3(1, 1, 1) + " and the device's " + limit);
        }
    }

    /** As the field writes it, such as {@code (32, 4, 1)}. */
    @Override
    public String toString() {
        return "(" + x + ", " + y + ", " + z + ")";
    }
}
