package dev.culebra.experiments.study;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The twelve runs of the study: two models, four optimisers, growing depth. */
public enum Experiment {
    /** LSTM, 1 layer, Adam. */
    EXP1(ModelKind.LSTM, 1, OptimizerKind.ADAM),
    /** LSTM, 1 layer, AdamW. */
    EXP2(ModelKind.LSTM, 1, OptimizerKind.ADAMW),
    /** LSTM, 1 layer, SGD. */
    EXP3(ModelKind.LSTM, 1, OptimizerKind.SGD),
    /** LSTM, 1 layer, momentum. */
    EXP4(ModelKind.LSTM, 1, OptimizerKind.MOMENTUM),
    /** MiniGPT1, 1 block, Adam. */
    EXP5(ModelKind.GPT1, 1, OptimizerKind.ADAM),
    /** MiniGPT1, 1 block, AdamW. */
    EXP6(ModelKind.GPT1, 1, OptimizerKind.ADAMW),
    /** MiniGPT1, 1 block, SGD. */
    EXP7(ModelKind.GPT1, 1, OptimizerKind.SGD),
    /** MiniGPT1, 1 block, momentum. */
    EXP8(ModelKind.GPT1, 1, OptimizerKind.MOMENTUM),
    /** LSTM, 2 layers, AdamW. */
    EXP9(ModelKind.LSTM, 2, OptimizerKind.ADAMW),
    /** LSTM, 4 layers, AdamW. */
    EXP10(ModelKind.LSTM, 4, OptimizerKind.ADAMW),
    /** MiniGPT1, 2 blocks, AdamW. */
    EXP11(ModelKind.GPT1, 2, OptimizerKind.ADAMW),
    /** MiniGPT1, 4 blocks, AdamW. */
    EXP12(ModelKind.GPT1, 4, OptimizerKind.ADAMW);

    private final ModelKind model;
    private final int layers;
    private final OptimizerKind optimizer;

    Experiment(ModelKind model, int layers, OptimizerKind optimizer) {
        this.model = model;
        this.layers = layers;
        this.optimizer = optimizer;
    }

    /** The run of that number, 1 to 12. */
    public static Optional<Experiment> of(int number) {
        return Arrays.stream(values()).filter(experiment -> experiment.number() == number).findFirst();
    }

    /** 1 to 12. */
    public int number() {
        return ordinal() + 1;
    }

    /** Which model it trains. */
    public ModelKind model() {
        return model;
    }

    /** The number of LSTM layers or transformer blocks. */
    public int layers() {
        return layers;
    }

    /** Which optimiser it uses. */
    public OptimizerKind optimizer() {
        return optimizer;
    }

    /** As on the command line: {@code exp1}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
