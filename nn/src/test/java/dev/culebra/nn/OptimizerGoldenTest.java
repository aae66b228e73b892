package dev.culebra.nn;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.operation.OptimizerSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.culebra.nn.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Optimisers, schedules and clipping make PyTorch's steps. */
class OptimizerGoldenTest {
    private static final int STEPS = 10;

    private static Stream<Arguments> optimizers() {
        return BackendCase.present().flatMap(backend -> Stream
                .of("sgd", "momentum", "momentum_large", "adam", "adam_weight_decay", "adamw", "adamw_large")
                .map(name -> Arguments.of(backend, name)));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void tenStepsAreThoseOfPyTorch(BackendCase backendCase, String name) {
        try (Golden golden = Golden.open("optimizers/" + name);
                Backend backend = backendCase.open();
                Network network = new Network(backend)) {
            // A parameter before it, so that the offset into the buffers is not 0.
            network.parameters().declare("other", Shape.of(5), new Initializer.Constant(0), true);
            network.parameters().declare("parameter", Shape.of(37), new Initializer.Constant(0), true);
            network.parameters().allocate();
            NamedParameter parameter = network.parameters().named("parameter");
            golden.copyTo("parameter/0", parameter.value());
            try (ModelOptimizer optimizer = new ModelOptimizer(network, spec(golden),
                    LearningRateSchedule.constant(golden.number("learning_rate")), OptionalDouble.empty())) {
                for (int step = 1; step <= STEPS; step++) {
                    golden.copyTo("gradient/" + step, parameter.gradient().orElseThrow());
                    optimizer.update();
                    assertClose("parameter/" + step, golden.doubles("parameter/" + step), parameter.value(),
                            updateTolerance(backendCase));
                }
                assertEquals(STEPS, optimizer.step());
            }
            assertClose("other", new double[5], network.parameters().named("other").value(), 0);
        }
    }

    /** Parameters and state are single precision at least, whatever the activations are. */
    private static double updateTolerance(BackendCase backendCase) {
        return new BackendCase(backendCase.device(), switch (backendCase.precision()) {
            case FP64 -> Precision.FP64;
            case FP32, TF32, BF16 -> Precision.FP32;
        }).tolerance(STEPS);
    }

    private static OptimizerSpec spec(Golden golden) {
        double decay = golden.number("weight_decay");
        return switch (golden.metadata("optimizer")) {
            case "sgd" -> new OptimizerSpec.Sgd(decay);
            case "momentum" -> new OptimizerSpec.Momentum(golden.number("momentum"), decay);
            case "adam" -> new OptimizerSpec.Adam(golden.number("beta1"), golden.number("beta2"),
                    golden.number("epsilon"), decay);
            case "adamw" -> new OptimizerSpec.AdamW(golden.number("beta1"), golden.number("beta2"),
                    golden.number("epsilon"), decay);
            default -> throw new AssertionError(golden.metadata("optimizer"));
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"constant", "linear", "cosine"})
    void schedulesAreThoseOfPyTorch(String name) {
        try (Golden golden = Golden.open("optimizers/schedules")) {
            for (int warmup : new int[] {0, 5}) {
                double[] expected = golden.doubles(name + "/warmup_" + warmup);
                LearningRateSchedule schedule = new LearningRateSchedule(
                        LearningRateSchedule.Kind.valueOf(name.toUpperCase(Locale.ROOT)),
                        golden.number("learning_rate"), warmup, (long) golden.number("total_steps"));
                double[] actual = new double[expected.length];
                for (int step = 0; step < actual.length; step++) {
                    actual[step] = schedule.at(step);
                }
                assertClose(name + " warmup " + warmup, expected, actual, 1e-15);
            }
        }
    }

    @Test
    void aRateThatFellToZeroStaysThere() {
        for (LearningRateSchedule.Kind kind : new LearningRateSchedule.Kind[] {LearningRateSchedule.Kind.LINEAR,
            LearningRateSchedule.Kind.COSINE}) {
            LearningRateSchedule schedule = new LearningRateSchedule(kind, 1, 2, 10);
            assertEquals(0, schedule.at(10), 1e-15);
            assertEquals(0, schedule.at(1000), 1e-15);
        }
    }

    private static Stream<Arguments> clippings() {
        return BackendCase.present()
                .flatMap(backend -> Stream.of("clipping", "clipping_none").map(name -> Arguments.of(backend, name)));
    }

    @ParameterizedTest
    @MethodSource("clippings")
    void clippingScalesAllGradientsByTheirGlobalNorm(BackendCase backendCase, String name) {
        try (Golden golden = Golden.open("optimizers/" + name);
                Backend backend = backendCase.open();
                Network network = new Network(backend)) {
            for (int i = 0; i < 3; i++) {
                network.parameters().declare("p" + i, golden.shape("gradient/" + i), new Initializer.Constant(0),
                        true);
            }
            network.parameters().allocate();
            for (int i = 0; i < 3; i++) {
                golden.copyTo("gradient/" + i, network.parameters().named("p" + i).gradient().orElseThrow());
            }
            // From zero, with a rate of 1 and no decay, SGD leaves the clipped gradient with its sign changed.
            try (ModelOptimizer optimizer = new ModelOptimizer(network, new OptimizerSpec.Sgd(0),
                    LearningRateSchedule.constant(1),
                    OptionalDouble.of(golden.number("max_norm")))) {
                optimizer.update();
            }
            for (int i = 0; i < 3; i++) {
                double[] clipped = golden.doubles("clipped/" + i);
                for (int j = 0; j < clipped.length; j++) {
                    clipped[j] = -clipped[j];
                }
                assertClose("clipped/" + i, clipped, network.parameters().named("p" + i).value(),
                        updateTolerance(backendCase));
            }
        }
    }
}
