package dev.culebra.tools.benchmarks.scaling;

import java.util.stream.Stream;

import dev.culebra.experiments.study.ModelKind;
import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LstmModelSpec;
import dev.culebra.nn.ModelSpec;

/**
 * The sizes of a run.
 *
 * @param kind of the model
 * @param batch B, sequences
 * @param sequenceLength T, tokens of each
 * @param layers L
 * @param width H of an LSTM, E of all of gpt1, whose heads are 64 wide
 * @param threads that compute
 */
record Scale(ModelKind kind, int batch, int sequenceLength, int layers, int width, int threads) {
    private static final int VOCABULARY = 40_479;
    private static final int LSTM_INPUT = 768;
    private static final int HEAD = 64;

    /** That of exp1 or exp5. */
    static Scale ofStudy(ModelKind kind, int threads) {
        return new Scale(kind, 16, 256, 1, studyWidth(kind), threads);
    }

    private static int studyWidth(ModelKind kind) {
        return kind == ModelKind.LSTM ? 512 : 768;
    }

    /** This one with each of the values that a size may have. */
    Stream<Scale> along(Size size) {
        return values(size).map(value -> switch (size) {
            case BATCH -> new Scale(kind, value, sequenceLength, layers, width, threads);
            case SEQUENCE -> new Scale(kind, batch, value, layers, width, threads);
            case LAYERS -> new Scale(kind, batch, sequenceLength, value, width, threads);
            case WIDTH -> new Scale(kind, batch, sequenceLength, layers, value * width / 2, threads);
            case THREADS -> new Scale(kind, batch, sequenceLength, layers, width, value);
        });
    }

    private Stream<Integer> values(Size size) {
        return size == Size.THREADS
                ? Stream.concat(Stream.iterate(1, count -> count < threads, count -> 2 * count), Stream.of(threads))
                : size.tried().stream();
    }

    /** The value of a size. */
    int get(Size size) {
        return switch (size) {
            case BATCH -> batch;
            case SEQUENCE -> sequenceLength;
            case LAYERS -> layers;
            case WIDTH -> width;
            case THREADS -> threads;
        };
    }

    /** The model. */
    ModelSpec model() {
        return kind == ModelKind.LSTM
                ? new LstmModelSpec(VOCABULARY, LSTM_INPUT, layers, width)
                : new GptModelSpec(VOCABULARY, width, layers, width / HEAD, sequenceLength);
    }
}
