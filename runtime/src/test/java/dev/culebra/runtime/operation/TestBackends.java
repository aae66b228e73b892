package dev.culebra.runtime.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;
import org.junit.jupiter.api.Assumptions;

import static org.junit.jupiter.api.Assertions.fail;

/**
 * What the tests of operations run on: every backend in each of its precisions, times the sizes a test gives.
 *
 * <p>A backend that is missing here skips its cases with the reason, printed once; if the environment variable
 * {@code CULEBRA_REQUIRE} (names with commas between) lists it, they fail instead.
 */
record TestBackends(String device, Precision precision) {
    private static final List<TestBackends> ALL = List.of(new TestBackends("reference", Precision.FP64),
            new TestBackends("cpu", Precision.FP32), new TestBackends("cpu", Precision.BF16));

    private static final int[] AWKWARD_SIZES = {1, 7, 31, 33, 257};

    private static final Set<String> REQUIRED = Set
            .of(System.getenv().getOrDefault("CULEBRA_REQUIRE", "").split(","));
    private static final Set<TestBackends> SKIPPED = ConcurrentHashMap.newKeySet();

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
        try {
            return Backends.open(device, precision);
        } catch (RuntimeException | LinkageError e) {
            if (REQUIRED.contains(device)) {
                return fail("CULEBRA_REQUIRE asks for " + device, e);
            }
            String reason = "skipped: " + device + " " + precision.label() + ": " + e.getMessage();
            if (SKIPPED.add(this)) {
                System.out.println(reason);
            }
            return Assumptions.abort(reason);
        }
    }

    @Override
    public String toString() {
        return device + " " + precision.label();
    }
}
