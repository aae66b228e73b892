package dev.culebra.runtime;

import dev.culebra.runtime.standin.StandIn;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.BeforeAll;

/** A test on a real GPU. */
@SuppressWarnings("exports") // As in OnDevice.
public abstract class OnGpu extends NumbersOnDevice {
    /** Nothing is allocated before a test method asks for it. */
    protected OnGpu() {}

    /** Ends the tests where there is none. */
    @BeforeAll
    public static void requireGpu() {
        if (StandIn.isActive()) {
            Requirement.GPU.missing("there is no GPU of NVIDIA with a driver that works");
        }
    }
}
