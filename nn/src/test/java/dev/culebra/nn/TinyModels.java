package dev.culebra.nn;

import java.util.List;

/** Models small enough to differentiate numerically: V = 7, B = 3, T = 5. */
final class TinyModels {
    static final int VOCABULARY = 7;
    static final int BATCH = 3;
    static final int LENGTH = 5;

    static final LstmModelSpec LSTM = new LstmModelSpec(VOCABULARY, 3, 2, 4);
    static final GptModelSpec GPT = new GptModelSpec(VOCABULARY, 4, 2, 2, 6, 8, Gelu.EXACT);
    static final GptModelSpec GPT_TANH = new GptModelSpec(VOCABULARY, 4, 1, 1, 5, 5, Gelu.TANH);
    static final List<ModelSpec> ALL = List.of(LSTM, GPT, GPT_TANH);

    private TinyModels() {}

    static ModelOptions options(double dropout, boolean learnEmbeddings) {
        return new ModelOptions(BATCH, LENGTH, dropout, learnEmbeddings, 42);
    }

    /** Overwrites all weights with larger ones than the initial, so that every gradient shows. */
    static void enlarge(ParameterStore parameters) {
        RandomValues random = new RandomValues();
        for (NamedParameter parameter : parameters.named()) {
            double[] values = random.normal(parameter.value().shape());
            double centre = parameter.name().matches(".*norm\\d\\.weight") ? 1 : 0;
            for (int i = 0; i < values.length; i++) {
                values[i] = centre + values[i] / 2;
            }
            parameter.value().set(values);
        }
    }
}
