package dev.culebra.experiments.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.ModelKind;
import dev.culebra.experiments.study.ModelSettings;
import dev.culebra.experiments.study.OptimizationSettings;
import dev.culebra.nn.LanguageModel;
import dev.culebra.nn.ModelOptimizer;
import dev.culebra.nn.ModelOptions;
import dev.culebra.nn.ModelSpec;
import dev.culebra.nn.checkpoint.Checkpoint;
import dev.culebra.runtime.Backend;

/**
 * A model, its optimiser, and where both are in a run. Owns both; the backend outlives it.
 *
 * @param model what learns
 * @param optimizer what teaches it
 * @param state where the run is
 * @param embeddings where the embeddings came from and whether they are learned, for people
 * @param lostChoices how many of the choices that its run made by measuring the backend could not take over
 */
record Learner(LanguageModel model, ModelOptimizer optimizer, TrainingState state, String embeddings, long lostChoices)
        implements
            AutoCloseable {

    /**
     * A model before its first step.
     *
     * @throws BadInputException if its files or sizes cannot be used
     */
    static Learner start(Backend backend, Configuration configuration, RunData data, RunPlan plan) {
        ModelSettings settings = configuration.model();
        return settings.initFrom().map(file -> fromCheckpoint(backend, configuration, data, plan, file))
                .orElseGet(() -> fromScratch(backend, configuration, data, plan));
    }

    private static Learner fromScratch(Backend backend, Configuration configuration, RunData data, RunPlan plan) {
        ModelSettings settings = configuration.model();
        Optional<Path> file = settings.embeddings().or(data.corpus()::embeddings);
        if (file.isEmpty()) {
            return fromScratch(backend, configuration, data, plan, Optional.empty());
        }
        try (Embeddings embeddings = new Embeddings(file.get(), settings.kind() == ModelKind.GPT1)) {
            return fromScratch(backend, configuration, data, plan, Optional.of(embeddings));
        }
    }

    private static Learner fromScratch(Backend backend, Configuration configuration, RunData data, RunPlan plan,
            Optional<Embeddings> embeddings) {
        ModelSettings settings = configuration.model();
        int length = configuration.data().sequenceLength();
        embeddings.ifPresent(tables -> requireRows(tables, settings));
        ModelSpec spec = Architecture.of(settings,
                embeddings.isPresent() ? OptionalInt.of(embeddings.get().rows()) : data.vocabularySize(), length);
        embeddings.ifPresent(tables -> tables.require(spec.width(), length));
        data.requireVocabulary(spec.vocabulary());
        boolean learned = embeddings.isEmpty() || settings.learnEmbeddings();
        String origin = embeddings.map(tables -> "from " + tables.file() + (learned ? ", learned further" : ", frozen"))
                .orElse("no file was given, so they are learned from N(0, 0.02)");
        LanguageModel model = create(backend, spec, configuration, learned);
        return closingOnFailure(model, () -> {
            embeddings.ifPresent(tables -> tables.copyTo(model));
            return new Learner(model, optimizer(model, configuration, plan), TrainingState.start(learned), origin, 0);
        });
    }

    private static void requireRows(Embeddings embeddings, ModelSettings settings) {
        if (settings.vocabularySize().orElse(embeddings.rows()) != embeddings.rows()) {
            throw new BadInputException(embeddings.file() + ": array 'tokens' has " + embeddings.rows()
                    + " rows, but --vocabulary-size " + settings.vocabularySize().getAsInt()
                    + " is asked for; leave the option out, or use other embeddings");
        }
    }

    private static Learner fromCheckpoint(Backend backend, Configuration configuration, RunData data, RunPlan plan,
            Path file) {
        ModelSettings settings = configuration.model();
        if (settings.embeddings().isPresent()) {
            throw new BadInputException("--init-from gives all weights, embeddings included; leave out --embeddings");
        }
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            ModelSpec spec = Architecture.withGelu(checkpoint.spec(settings.heads()), settings.gelu());
            Architecture.requireMatch(spec, settings, configuration.data().sequenceLength(), file);
            data.requireVocabulary(spec.vocabulary());
            boolean learned = settings.learnEmbeddings();
            LanguageModel model = create(backend, spec, configuration, learned);
            return closingOnFailure(model, () -> {
                checkpoint.loadWeights(model);
                return new Learner(model, optimizer(model, configuration, plan), TrainingState.start(learned),
                        "from " + file + (learned ? ", learned further" : ", frozen"), 0);
            });
        } catch (IOException e) {
            throw Checkpoints.unreadable(file, e, "name another checkpoint");
        }
    }

    /**
     * A model where its run was when {@code file} was written.
     *
     * @throws BadInputException if the file cannot be used
     */
    static Learner resume(Backend backend, Configuration configuration, RunData data, RunPlan plan,
            Circumstances circumstances, Path file) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            TrainingState state = TrainingState.of(checkpoint.metadata(), file);
            circumstances.requireAsIn(checkpoint.metadata(), file);
            ModelSpec spec = checkpoint.spec(OptionalInt.empty());
            Architecture.requireMatch(spec, configuration.model(), configuration.data().sequenceLength(), file);
            plan.requireWithin(state, file);
            data.requireVocabulary(spec.vocabulary());
            ChoiceMetadata.adopt(backend, checkpoint.metadata());
            LanguageModel model = create(backend, spec, configuration, state.learnEmbeddings());
            return closingOnFailure(model, () -> {
                checkpoint.loadWeights(model);
                ModelOptimizer optimizer = optimizer(model, configuration, plan);
                try {
                    checkpoint.loadOptimizer(optimizer);
                } catch (IOException | RuntimeException | Error e) {
                    optimizer.close();
                    throw e;
                }
                return new Learner(model, optimizer, state,
                        "from the run's checkpoint" + (state.learnEmbeddings() ? ", learned" : ", frozen"),
                        ChoiceMetadata.lost(backend, checkpoint.metadata()));
            });
        } catch (IOException e) {
            throw Checkpoints.unreadable(file, e, "restore it, or start a new run in another --run-dir");
        }
    }

    private static LanguageModel create(Backend backend, ModelSpec spec, Configuration configuration,
            boolean learnEmbeddings) {
        ModelOptions options = new ModelOptions(configuration.data().batchSize(),
                configuration.data().sequenceLength(), configuration.model().dropout(), learnEmbeddings,
                configuration.run().seed());
        ModelMemory.requireForTraining(spec, options, configuration.optimization().optimizerSpec().stateSlots());
        return Architecture.build(backend, spec, options);
    }

    private static ModelOptimizer optimizer(LanguageModel model, Configuration configuration, RunPlan plan) {
        OptimizationSettings settings = configuration.optimization();
        return new ModelOptimizer(model, settings.optimizerSpec(), settings.learningRates(plan.totalSteps()),
                settings.clipNorm());
    }

    private interface Construction<E extends Exception> {
        Learner make() throws E;
    }

    private static <E extends Exception> Learner closingOnFailure(LanguageModel model, Construction<E> construction)
            throws E {
        try {
            return construction.make();
        } catch (Throwable failure) {
            model.close();
            throw failure;
        }
    }

    /** Frees optimiser and model. */
    @Override
    public void close() {
        try (model) {
            optimizer.close();
        }
    }
}
