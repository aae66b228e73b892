package dev.culebra.experiments.cli;

import java.util.List;
import java.util.OptionalDouble;

import dev.culebra.experiments.study.OptimizationSettings;
import dev.culebra.experiments.study.OptimizerKind;
import dev.culebra.experiments.study.Schedule;
import picocli.CommandLine.Option;

/** The options that choose how a model learns. */
final class OptimizationOptions {
    @Option(names = "--optimizer", paramLabel = "OPTIMIZER", description = "sgd, momentum, adam or adamw.")
    private OptimizerKind optimizer;

    @Option(names = "--lr", paramLabel = "RATE", description = "Learning rate.")
    private double learningRate;

    @Option(names = "--weight-decay", paramLabel = "X", description = "Weight decay: decoupled in adamw, added to the gradient in the others (0.0005 unless given, "
            + "and 0 with adam).")
    private Double weightDecay;

    @Option(names = "--momentum", paramLabel = "X", description = "Momentum of the momentum optimiser.")
    private double momentum;

    @Option(names = "--betas", paramLabel = "B1,B2", hideParamSyntax = true, split = ",", description = "Betas of adam and adamw.")
    private List<Double> betas;

    @Option(names = "--eps", paramLabel = "X", description = "Epsilon of adam and adamw.")
    private double epsilon;

    @Option(names = "--schedule", paramLabel = "SCHEDULE", description = "How the learning rate changes after the warm-up: constant, linear or cosine.")
    private Schedule schedule;

    @Option(names = "--warmup-steps", paramLabel = "N", description = "Steps over which the learning rate rises first.")
    private long warmupSteps;

    @Option(names = "--clip-norm", paramLabel = "X", description = "Clip all gradients together to this norm (no clipping unless given).")
    private Double clipNorm;

    /** The settings, with what {@code own} says unless something else was given that the optimiser has a use for. */
    OptimizationSettings settings(OptimizationSettings own) {
        OptimizerKind chosen = optimizer == null ? own.optimizer() : optimizer;
        return new OptimizationSettings(chosen, learningRate,
                weightDecay == null ? chosen.defaultWeightDecay() : weightDecay,
                chosen == OptimizerKind.MOMENTUM ? momentum : own.momentum(),
                chosen.isAdaptive() ? betas : own.betas(), chosen.isAdaptive() ? epsilon : own.epsilon(), schedule,
                warmupSteps, clipNorm == null ? OptionalDouble.empty() : OptionalDouble.of(clipNorm));
    }
}
