package dev.culebra.tools.benchmarks;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What can be measured, in the order in which it is. */
enum Part {
    /** What a call into a native library costs. */
    CALLS,
    /** What the first call costs. */
    STARTUP,
    /** What calls of a GPU's driver cost. */
    DEVICE,
    /** The study beside DJL. */
    DJL,
    /** The study beside PyTorch. */
    PYTORCH,
    /** How near operations come to what the machine can do. */
    ROOFLINE,
    /** How steps grow with their sizes. */
    SCALING;

    /** That of a name, if there is one. */
    static Optional<Part> of(String name) {
        return Stream.of(values()).filter(part -> part.toString().equals(name)).findFirst();
    }

    /** Whether it measures the study, which a device of choice can compute. */
    boolean measuresStudy() {
        return switch (this) {
            case CALLS, STARTUP, DEVICE -> false;
            case DJL, PYTORCH, ROOFLINE, SCALING -> true;
        };
    }

    /** Its name. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
