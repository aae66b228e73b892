package dev.culebra.runtime.operation;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Stopwatch;
import dev.culebra.runtime.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What every backend's stopwatch promises; how fast anything is, no test says. */
class StopwatchTest {
    private static final String BACKENDS = "dev.culebra.runtime.operation.TestBackends#all";

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void timeLiesWithinThatOfTheCaller(TestBackends kind) {
        try (Backend backend = kind.open(); Stopwatch watch = backend.stopwatch()) {
            Tensor tensor = backend.allocate(backend.activationType(), Shape.of(7, 33));
            try (Elementwise elementwise = backend.elementwise()) {
                backend.synchronize();
                long before = System.nanoTime();
                watch.start();
                elementwise.add(tensor, tensor);
                watch.stop();
                double measured = watch.seconds();
                double all = (System.nanoTime() - before) / 1e9;
                assertTrue(measured >= 0, "measured " + measured);
                // A device's clock and this machine's need not run at exactly one rate.
                assertTrue(measured <= 1.1 * all + 1e-3, measured + " s within " + all + " s");
                assertEquals(measured, watch.seconds());
            }
            tensor.storage().close();
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void readingWantsAStartAndAStop(TestBackends kind) {
        try (Backend backend = kind.open(); Stopwatch watch = backend.stopwatch()) {
            assertThrows(IllegalStateException.class, watch::seconds);
            watch.start();
            assertThrows(IllegalStateException.class, watch::seconds);
            watch.stop();
            assertTrue(watch.seconds() >= 0);
            watch.start();
            assertThrows(IllegalStateException.class, watch::seconds);
        }
    }
}
