package dev.culebra.runtime.operation;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Repetition;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Comparison.Rounding;
import dev.culebra.runtime.operation.Comparison.Side;
import dev.culebra.runtime.operation.Comparison.Twin;
import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Work that is repeated does each time what it would do for the first time. */
class RepetitionTest {
    private static final LinearSpec LAYER = new LinearSpec(7, 33, 32, Activation.NONE);
    private static final int WEIGHTS = LAYER.outputSize() * LAYER.inputSize();
    private static final int PARAMETERS = WEIGHTS + LAYER.outputSize();

    /** The tensors of a step that learns to answer with zeros, through dropout. */
    private record Tensors(Twin x, Twin y, Twin dx, Twin parameters, Twin gradients, Twin state, Twin scale) {
        static Tensors of(Comparison comparison) {
            Tensors made = new Tensors(comparison.activations(LAYER.rows(), LAYER.inputSize()),
                    comparison.newActivations(LAYER.rows(), LAYER.outputSize()),
                    comparison.newActivations(LAYER.rows(), LAYER.inputSize()),
                    comparison.scaledParameters(0.2, PARAMETERS), comparison.newParameters(PARAMETERS),
                    comparison.newParameters(1, PARAMETERS), comparison.parameters(1));
            comparison.set(made.state, new double[PARAMETERS]);
            return made;
        }
    }

    /** A step on one of the two backends. */
    private static final class Step implements AutoCloseable {
        private final Linear layer;
        private final Dropout dropout;
        private final Optimizer optimizer;
        private final GradientNorm norm;
        private final Side side;
        private final Tensors tensors;

        Step(Side side, Tensors tensors) {
            Backend backend = side.backend();
            this.side = side;
            this.tensors = tensors;
            layer = backend.linear(LAYER);
            dropout = backend.dropout(new DropoutSpec(LAYER.rows() * LAYER.outputSize(), 0.25, 5, 0));
            optimizer = backend.optimizer(new OptimizerSpec.Momentum(0.9, 0.01), PARAMETERS);
            norm = backend.gradientNorm();
        }

        void prepare(long number) {
            optimizer.prepare(0.01 / (number + 1), number + 1);
        }

        void make(long number) {
            Tensor weight = side.of(tensors.parameters).view(0, Shape.of(LAYER.outputSize(), LAYER.inputSize()));
            Tensor bias = side.of(tensors.parameters).view(WEIGHTS, Shape.of(LAYER.outputSize()));
            Tensor dWeight = side.of(tensors.gradients).view(0, weight.shape());
            Tensor dBias = side.of(tensors.gradients).view(WEIGHTS, bias.shape());
            Tensor y = side.of(tensors.y);
            layer.forward(side.of(tensors.x), weight, bias, y, y);
            dropout.apply(y, number);
            layer.backward(side.of(tensors.x), weight, y, y, y, side.of(tensors.dx), dWeight, dBias);
            norm.clip(side.of(tensors.gradients), 3, side.of(tensors.scale));
            optimizer.update(side.of(tensors.parameters), side.of(tensors.gradients), side.of(tensors.state),
                    side.of(tensors.scale));
        }

        @Override
        public void close() {
            layer.close();
            dropout.close();
            optimizer.close();
            norm.close();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void everyRepetitionIsAFreshStep(TestBackends backend) {
        try (Comparison comparison = new Comparison(backend)) {
            Tensors tensors = Tensors.of(comparison);
            List<Step> steps = new ArrayList<>();
            comparison.run(on -> steps.add(new Step(on, tensors)));
            try (Step candidate = steps.getFirst(); Step reference = steps.getLast()) {
                Repetition repetition = comparison.candidate().repeat(candidate::make);
                for (int number = 0; number < 8; number++) {
                    switch (number) {
                        case 4 -> comparison.refill(tensors.x);
                        // Someone else than the step modifies the parameters, as a checkpoint that is loaded does.
                        case 5 -> comparison.refill(tensors.parameters);
                        case 6 -> repetition.forget();
                        default -> {
                        }
                    }
                    long version = tensors.parameters.candidate().storage().version();
                    candidate.prepare(number);
                    repetition.run(number);
                    reference.prepare(number);
                    reference.make(number);
                    assertTrue(tensors.parameters.candidate().storage().version() > version);
                    comparison.assertClose("y", tensors.y, Rounding.ofSum(LAYER.inputSize()).inSteps(number + 1));
                    comparison.assertClose("parameters", tensors.parameters,
                            Rounding.ofSum(LAYER.rows()).inSteps(number + 1));
                }
                repetition.forget();
            }
        }
    }

    @Test
    void aDeviceRepeatsByOneLaunch() {
        try (Comparison comparison = new Comparison(new TestBackends("cuda", Precision.FP32))) {
            Tensors tensors = Tensors.of(comparison);
            try (Step step = new Step(new Side(comparison.candidate(), false), tensors)) {
                Repetition repetition = comparison.candidate().repeat(step::make);
                step.prepare(0);
                repetition.run(0);
                repetition.run(0);
                StandIn.clearCallLog();
                repetition.run(0);
                List<String> calls = StandIn.callLog();
                assertEquals(1, calls.stream().filter(call -> call.startsWith("cuGraphLaunch")).count());
                assertEquals(List.of(), calls.stream().filter(call -> call.startsWith("cuLaunchKernel")).toList());
                repetition.forget();
            }
        }
    }
}
