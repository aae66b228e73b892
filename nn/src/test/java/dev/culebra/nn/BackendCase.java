package dev.culebra.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.standin.StandIn;
import dev.culebra.testing.Requirement;
import org.opentest4j.TestAbortedException;

/**
 * A backend and a precision that tests run on: the one source that all of them share.
 *
 * <p>What cannot be opened here is said on standard output and left out, or fails (see {@link Requirement}).
 */
public record BackendCase(String device, Precision precision) {
    private static final List<BackendCase> WANTED = List.of(new BackendCase("reference", Precision.FP64),
            new BackendCase("cpu", Precision.FP32), new BackendCase("cpu", Precision.BF16),
            new BackendCase("cuda", Precision.FP32), new BackendCase("cuda", Precision.TF32),
            new BackendCase("cuda", Precision.BF16));

    /** Every case that runs here; never none, since the reference needs nothing. */
    public static Stream<BackendCase> present() {
        List<BackendCase> present = new ArrayList<>();
        for (BackendCase wanted : WANTED) {
            try {
                wanted.open().close();
                present.add(wanted);
            } catch (TestAbortedException missing) {
                // The reason has been printed; an empty stream of cases would fail.
            }
        }
        return present.stream();
    }

    /** Opens it, or aborts the test with the reason. */
    public Backend open() {
        if (device.equals("cuda")) {
            StandIn.activate();
        }
        try {
            return Backends.open(device, precision);
        } catch (RuntimeException | LinkageError e) {
            Requirement.ofBackend(device, precision.label()).missing(this + ": " + e.getMessage());
            throw e;
        }
    }

    /**
     * The error, relative to the largest result, that rounding leaves in sums of {@code terms} terms: what the sums
     * gather, which are never made in less than single precision, and what the operands had from the start.
     */
    double tolerance(int terms) {
        double sums = precision == Precision.FP64 ? 0x1p-53 : 0x1p-24;
        double operands = switch (precision) {
            case BF16 -> 0x1p-9;
            case TF32 -> 0x1p-11;
            case FP32, FP64 -> sums;
        };
        return 8 * (sums * Math.sqrt(terms) + operands);
    }

    /** The same for what a whole model computes, one operation after another, forwards and backwards. */
    double modelTolerance() {
        return 4 * tolerance(100);
    }

    @Override
    public String toString() {
        return device + " " + precision.label();
    }
}
