package dev.culebra.runtime.cublaslt;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.Stream;

/** Device memory as an argument, with the address as the library takes it, made once. */
final class Operand {
    /** An argument that is not given. */
    static final Operand NONE = new Operand(Optional.empty(), MemorySegment.NULL);

    private final Optional<DeviceRegion> region;
    private final MemorySegment address;

    private Operand(Optional<DeviceRegion> region, MemorySegment address) {
        this.region = region;
        this.address = address;
    }

    static Operand of(DeviceRegion region) {
        return new Operand(Optional.of(region), MemorySegment.ofAddress(region.address()));
    }

    /** The address, which was checked when the argument was. */
    MemorySegment address() {
        return address;
    }

    /** The size of the memory: 0 if it is not given. */
    long bytes() {
        return region.isPresent() ? region.get().bytes() : 0;
    }

    /**
     * Throws unless this memory can be used.
     *
     * @param name what it is called in the message
     * @param bytes how large it must be; 0 if the product does not use it
     * @param alignment what its address must be a multiple of
     * @throws IllegalArgumentException if it is missing, too small, not aligned or on another device
     * @throws IllegalStateException if it has been freed
     */
    void check(String name, long bytes, int alignment, Stream stream) {
        if (bytes == 0) {
            return;
        }
        if (region.isEmpty()) {
            throw new IllegalArgumentException(name + " takes " + bytes + " bytes, but there is none");
        }
        region.get().requireUsable(name, bytes, stream);
        if (address.address() % alignment != 0) {
            throw new IllegalArgumentException("the plan was made for multiples of " + alignment + " bytes, but " + name
                    + " is at 0x" + Long.toHexString(address.address()));
        }
    }

    /** Lets a capture know that the stream's work uses this memory. */
    void keep(Stream stream) {
        if (region.isPresent()) {
            stream.keep(region.get().owner());
        }
    }
}
