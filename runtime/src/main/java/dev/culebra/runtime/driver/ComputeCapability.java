package dev.culebra.runtime.driver;

/**
 * What a device's hardware can do.
 *
 * @param major the generation
 * @param minor the variant within it
 */
public record ComputeCapability(int major, int minor) {
    /** Whether a device of this capability runs what needs the other. */
    public boolean isAtLeast(int major, int minor) {
        return this.major > major || this.major == major && this.minor >= minor;
    }

    /** The name of the architecture as compilers take it, such as {@code sm_90}. */
    public String architecture() {
        return "sm_" + major + minor;
    }

    /** As people write it, such as {@code 9.0}. */
    @Override
    public String toString() {
        return major + "." + minor;
    }
}
