package dev.culebra.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;
import org.opentest4j.TestAbortedException;

/**
 * A backend and a precision that tests run on: the one source that all of them share.
 *
 * <p>What cannot be opened here is said on standard output and left out, unless the environment variable
 * {@code CULEBRA_REQUIRE}, a list with commas, names the device.
 */
record BackendCase(String device, Precision precision) {
    private static final List<BackendCase> WANTED = List.of(new BackendCase("reference", Precision.FP64),
            new BackendCase("cpu", Precision.FP32), new BackendCase("cpu", Precision.BF16));

    /** Every case that runs here; never none, since the reference needs nothing. */
    static Stream<BackendCase> present() {
        List<BackendCase> present = new ArrayList<>();
        for (BackendCase wanted : WANTED) {
            try {
                wanted.open().close();
                present.add(wanted);
            } catch (TestAbortedException e) {
                System.out.println("skipped: " + wanted + ": " + e.getMessage());
            }
        }
        return present.stream();
    }

    /** Opens it, or aborts the test with the reason. */
    Backend open() {
        boolean required = Arrays.asList(System.getenv().getOrDefault("CULEBRA_REQUIRE", "").split(","))
                .contains(device);
        try {
            return Backends.open(device, precision);
        } catch (RuntimeException | LinkageError e) {
            if (required) {
                throw new AssertionError(this + " is required but cannot be opened", e);
            }
            throw new TestAbortedException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The relative error that rounding leaves in a sum of {@code terms} terms of this precision, generously. */
    double tolerance(int terms) {
        double unit = switch (precision) {
            case FP64 -> 0x1p-53;
            case FP32, TF32 -> 0x1p-24;
            case BF16 -> 0x1p-9;
        };
        return 8 * unit * Math.sqrt(Math.max(terms, 16));
    }

    @Override
    public String toString() {
        return device + " " + precision.label();
    }
}
