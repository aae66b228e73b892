package dev.culebra.runtime.driver;

/**
 * The type of a kernel's parameter.
 *
 * @param name what C calls it
 * @param bytes its size
 * @param alignment its address is a multiple of this
 */
public record ParameterType(String name, long bytes, long alignment) {
    /** Any pointer to device memory. */
    public static final ParameterType POINTER = new ParameterType("pointer", 8, 8);
    /** C's {@code int} and {@code unsigned}. */
    public static final ParameterType INT = new ParameterType("int", 4, 4);
    /** C's {@code long long} and {@code size_t}. */
    public static final ParameterType LONG = new ParameterType("long long", 8, 8);
    /** C's {@code float}. */
    public static final ParameterType FLOAT = new ParameterType("float", 4, 4);
    /** C's {@code double}. */
    public static final ParameterType DOUBLE = new ParameterType("double", 8, 8);

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException if there is no such type in C
     */
    public ParameterType {
        if (bytes < 1 || alignment < 1 || Long.bitCount(alignment) != 1 || bytes % alignment != 0) {
            throw new IllegalArgumentException("a parameter cannot have " + bytes + " bytes aligned to " + alignment
                    + ": the alignment is a power of two, and the size a multiple of it");
        }
    }

    /** A struct passed by value, such as a tensor map of 128 bytes aligned to 64. */
    public static ParameterType struct(long bytes, long alignment) {
        return new ParameterType("struct of " + bytes + " bytes", bytes, alignment);
    }
}
