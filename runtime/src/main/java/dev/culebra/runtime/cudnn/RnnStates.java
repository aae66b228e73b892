package dev.culebra.runtime.cudnn;

import java.util.Optional;

import dev.culebra.runtime.driver.DeviceRegion;

/**
 * The hidden and cell states of all layers, or their gradients: (L, B, projectionSize) and (L, B, H). What is absent means
 * zeros where states are read, and that nobody asks where they are written.
 *
 * @param hidden h
 * @param cell c
 */
public record RnnStates(Optional<DeviceRegion> hidden, Optional<DeviceRegion> cell) {
    /** Zeros, or nothing asked for. */
    public static final RnnStates NONE = new RnnStates(Optional.empty(), Optional.empty());

    /** Both. */
    public static RnnStates of(DeviceRegion hidden, DeviceRegion cell) {
        return new RnnStates(Optional.of(hidden), Optional.of(cell));
    }
}
