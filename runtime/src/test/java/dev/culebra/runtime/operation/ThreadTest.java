package dev.culebra.runtime.operation;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.culebra.runtime.operation.Comparison.Rounding;
import dev.culebra.runtime.operation.Comparison.Side;
import dev.culebra.runtime.operation.Comparison.Twin;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One thread at a time, but not always the same one. */
class ThreadTest {
    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void anOperationRunsAndClosesOnAnotherThreadThanItWasMadeOn(TestBackends backend) throws Exception {
        LstmSpec spec = new LstmSpec(3, 33, 31, 257, 2, 0, 0);
        try (Comparison comparison = new Comparison(backend);
                ExecutorService elsewhere = Executors.newSingleThreadExecutor()) {
            Twin x = comparison.activations(3, 33, 31);
            Twin initialHidden = comparison.activations(2, 3, 257);
            Twin initialCell = comparison.parameters(2, 3, 257);
            Twin y = comparison.newActivations(3, 33, 257);
            Twin finalHidden = comparison.newActivations(2, 3, 257);
            Twin finalCell = comparison.newParameters(2, 3, 257);
            Lstm lstm = comparison.candidate().lstm(spec);
            Lstm reference = comparison.reference().lstm(spec);
            LstmTest.Block block = new LstmTest.Block(comparison, lstm, reference);
            block.randomize(0.1);
            Twin parameters = block.whole();
            Twin reserve = comparison.newActivations(lstm.reserveShape(), reference.reserveShape());
            elsewhere.submit(() -> comparison.run((Side on) -> {
                try (Lstm operation = on.choose(lstm, reference)) {
                    operation.forward(on.of(x), on.of(initialHidden), on.of(initialCell), on.of(parameters), -1,
                            on.of(y), on.of(finalHidden), on.of(finalCell), on.of(reserve));
                }
            })).get();
            comparison.assertClose("y", y, Rounding.ofSum(257 + 31 + 33).inSteps(2));
        }
    }
}
