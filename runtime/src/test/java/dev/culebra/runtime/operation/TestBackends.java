package dev.culebra.runtime.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.standin.StandIn;
import dev.culebra.testing.Requirement;

/**
 * What the tests of operations run on: every backend in each of its precisions, times the sizes a test gives.
 *
 * <p>A backend that is missing here skips its cases with the reason, or fails them (see {@link Requirement}).
 */
record TestBackends(String device, Precision precision) {
    private static final List<TestBackends> ALL = List.of(new TestBackends("reference", Precision.FP64),
            new TestBackends("cpu", Precision.FP32), new TestBackends("cpu", Precision.BF16),
            new TestBackends("cuda", Precision.FP32), new TestBackends("cuda", Precision.TF32),
            new TestBackends("cuda", Precision.BF16));

    private static final int[] AWKWARD_SIZES = {1, 7, 31, 33, 257};

    /** Every backend. */
    static Stream<TestBackends> all() {
        return ALL.stream();
    }

    /** Every backend with every one of {@code specs}. */
    static Stream<Object[]> with(List<?> specs) {
        return ALL.stream().flatMap(backend -> specs.stream().map(spec -> new Object[] {backend, spec}));
    }

    /** Sizes for {@code axes} axes, such that each axis takes each of 1, 7, 31, 33 and 257 once. */
    static List<int[]> awkwardSizes(int axes) {
        List<int[]> all = new ArrayList<>();
        for (int first = 0; first < AWKWARD_SIZES.length; first++) {
            int[] sizes = new int[axes];
            for (int axis = 0; axis < axes; axis++) {
                sizes[axis] = AWKWARD_SIZES[(first + axis) % AWKWARD_SIZES.length];
            }
            all.add(sizes);
        }
        return all;
    }

    /** The backend, or the end of the test if it is not to be had. */
    Backend open() {
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

    @Override
    public String toString() {
        return device + " " + precision.label();
    }
}
