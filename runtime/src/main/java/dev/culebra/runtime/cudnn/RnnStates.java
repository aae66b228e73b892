package dev.culebra.runtime.cudnn;

/**
 * Where the hidden and cell states of all layers lie on the device, or their gradients: (L, B, projectionSize) and (L, B, H).
 * An address of 0 means zeros where states are read, and that nobody asks where they are written.
 *
 * @param hidden h
 * @param cell c
 */
public record RnnStates(long hidden, long cell) {
    /** Zeros, or nothing asked for. */
    public static final RnnStates NONE = new RnnStates(0, 0);
}
