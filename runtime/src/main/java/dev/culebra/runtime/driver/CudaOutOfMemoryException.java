package dev.culebra.runtime.driver;

import java.util.OptionalLong;

import dev.culebra.bindings.cuda.cuda;

/** The device, or for pinned memory the host, has not as much memory as was asked for. */
public final class CudaOutOfMemoryException extends CudaException {
    private static final long serialVersionUID = 1;

    private final long requested;
    private final long free;
    private final long total;
    private final long reserved;

    /**
     * What failed and the facts that are known; -1 for each that is not.
     *
     * @param requested the bytes that were asked for
     * @param free the bytes that the device has left
     * @param total the bytes that the device has
     * @param reserved the bytes that the pool holds and nobody else can have
     */
    CudaOutOfMemoryException(String function, String name, String text, long requested, long free, long total,
            long reserved, String help) {
        super(function, cuda.CUDA_ERROR_OUT_OF_MEMORY, name, text(text, requested, free, total, reserved, help));
        this.requested = requested;
        this.free = free;
        this.total = total;
        this.reserved = reserved;
    }

    /** The bytes that were asked for, if it was memory that was asked for. */
    public OptionalLong requested() {
        return known(requested);
    }

    /** The bytes of device memory that no process has, as far as the driver could say. */
    public OptionalLong free() {
        return known(free);
    }

    /** The bytes of device memory there are, as far as the driver could say. */
    public OptionalLong total() {
        return known(total);
    }

    /** The bytes that the memory pool holds, in use or kept for later, if the memory was asked of a pool. */
    public OptionalLong reserved() {
        return known(reserved);
    }

    private static OptionalLong known(long bytes) {
        return bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    private static String text(String text, long requested, long free, long total, long reserved, String help) {
        StringBuilder facts = new StringBuilder(text);
        if (requested >= 0) {
            facts.append("; ").append(requested).append(" bytes were asked for");
        }
        if (free >= 0) {
            facts.append("; the device has ").append(free).append(" of ").append(total).append(" bytes free");
        }
        if (reserved >= 0) {
            facts.append("; the pool holds ").append(reserved);
        }
        return facts.append("; ").append(help).toString();
    }
}
