package dev.culebra.experiments.report;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;

import dev.culebra.experiments.run.MadeRun;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.experiments.study.ModelSettings;
import dev.culebra.experiments.study.OptimizationSettings;
import dev.culebra.experiments.study.RunSettings;

/** Runs whose perplexities go as those of the published study do. */
final class MadeStudy {
    private static final int EPOCHS = 10;
    /** Of exp1 to exp12: validation after the first epoch, the lowest, its epoch, after the last; train after first and last. */
    private static final double[][] SHAPES = {{378, 146.1, 10, 146.1, 730, 88}, {380, 146.3, 10, 146.3, 731, 88.5},
        {6200, 2223, 10, 2223, 9900, 2350}, {2400, 1690, 10, 1690, 3900, 1760}, {258, 148.6, 5, 171, 480, 41},
        {258, 148.7, 5, 171.4, 480, 41.2}, {2100, 1532, 10, 1532, 852_800, 1600}, {1500, 692, 10, 692, 5200, 700},
        {420, 141.9, 7, 145.9, 800, 66}, {610, 163.0, 9, 163.4, 1010, 82}, {690, 146.1, 6, 150.2, 1200, 60},
        {1530, 1509, 9, 1510, 1900, 1605}};
    private static final double[] SECONDS = {11.5, 11.6, 11.1, 11.2, 13.1, 13.0, 12.2, 12.5, 14.1, 19.7, 18.4, 30.9};

    private MadeStudy() {}

    /** One of the twelve, whole. */
    static MadeRun run(int number) {
        return run(Configuration.of(Experiment.of(number).orElseThrow()), number);
    }

    /** The same with the perplexities of another seed. */
    static MadeRun run(Configuration configuration, int number) {
        double[] shape = SHAPES[number - 1];
        double noise = 1 + 0.004 * (configuration.run().seed() % 7);
        return MadeRun.of(configuration, SECONDS[number - 1],
                IntStream.rangeClosed(1, EPOCHS).mapToDouble(epoch -> noise * fall(epoch, EPOCHS, shape[4], shape[5]))
                        .toArray(),
                IntStream.rangeClosed(1, EPOCHS).mapToDouble(epoch -> noise * validation(epoch, shape)).toArray());
    }

    private static double validation(int epoch, double[] shape) {
        int lowest = (int) shape[2];
        return epoch <= lowest
                ? fall(epoch, lowest, shape[0], shape[1])
                : shape[1] * Math.pow(shape[3] / shape[1], (epoch - lowest) / (double) (EPOCHS - lowest));
    }

    /** From one perplexity to another, fast at first; exactly that at the end. */
    private static double fall(int epoch, int end, double from, double to) {
        double share = Math.log(epoch) / Math.log(end);
        return from * Math.pow(to / from, Math.pow(share, 0.7));
    }

    /** All twelve. */
    static Path all(Path folder) {
        for (Experiment experiment : Experiment.values()) {
            run(experiment.number()).writeTo(folder.resolve(experiment.toString()));
        }
        return folder;
    }

    static Configuration withSeed(Configuration configuration, long seed) {
        RunSettings run = configuration.run();
        return new Configuration(configuration.name(), configuration.model(), configuration.optimization(),
                configuration.data(),
                new RunSettings(run.device(), run.precision(), run.epochs(), run.maxSteps(), seed));
    }

    static Configuration withMaxSteps(Configuration configuration, long steps) {
        RunSettings run = configuration.run();
        return new Configuration(configuration.name(), configuration.model(), configuration.optimization(),
                configuration.data(),
                new RunSettings(run.device(), run.precision(), run.epochs(), OptionalLong.of(steps), run.seed()));
    }

    static Configuration withDropout(Configuration configuration, double dropout) {
        ModelSettings model = configuration.model();
        return new Configuration(configuration.name(),
                new ModelSettings(model.kind(), model.layers(), model.hiddenSize(), model.embeddingWidth(),
                        model.heads(),
                        model.vocabularySize(), model.gelu(), dropout, model.learnEmbeddings(), model.embeddings(),
                        model.initFrom()),
                configuration.optimization(), configuration.data(), configuration.run());
    }

    static Configuration withHeads(Configuration configuration, int heads) {
        ModelSettings model = configuration.model();
        return new Configuration(configuration.name(),
                new ModelSettings(model.kind(), model.layers(), model.hiddenSize(), model.embeddingWidth(),
                        OptionalInt.of(heads), model.vocabularySize(), model.gelu(), model.dropout(),
                        model.learnEmbeddings(), model.embeddings(), model.initFrom()),
                configuration.optimization(), configuration.data(), configuration.run());
    }

    static Configuration withWarmup(Configuration configuration, long steps) {
        OptimizationSettings old = configuration.optimization();
        return new Configuration(configuration.name(), configuration.model(),
                new OptimizationSettings(old.optimizer(), old.learningRate(), old.weightDecay(), old.momentum(),
                        old.betas(), old.epsilon(), old.schedule(), steps, old.clipNorm()),
                configuration.data(), configuration.run());
    }
}
