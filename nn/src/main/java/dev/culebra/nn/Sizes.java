package dev.culebra.nn;

/** The check that the specifications share. */
final class Sizes {
    private Sizes() {}

    static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, but is " + value);
        }
    }
}
