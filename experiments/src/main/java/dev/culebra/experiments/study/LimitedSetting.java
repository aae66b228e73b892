package dev.culebra.experiments.study;

import java.util.List;
import java.util.function.BiPredicate;

/**
 * A setting that not every model and optimiser has a use for.
 *
 * @param name its option's, without dashes
 * @param user the option that names who has
 * @param applies whether a run of a model with an optimiser is one
 */
public record LimitedSetting(String name, String user, BiPredicate<ModelKind, OptimizerKind> applies) {
    /** All of them. */
    public static final List<LimitedSetting> ALL = List.of(
            new LimitedSetting("heads", "--model gpt1", (model, _) -> model == ModelKind.GPT1),
            new LimitedSetting("gelu", "--model gpt1", (model, _) -> model == ModelKind.GPT1),
            new LimitedSetting("momentum", "--optimizer momentum",
                    (_, optimizer) -> optimizer == OptimizerKind.MOMENTUM),
            new LimitedSetting("betas", "--optimizer adam or adamw", (_, optimizer) -> optimizer.isAdaptive()),
            new LimitedSetting("eps", "--optimizer adam or adamw", (_, optimizer) -> optimizer.isAdaptive()));
}
