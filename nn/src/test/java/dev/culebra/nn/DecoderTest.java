package dev.culebra.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.culebra.nn.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Text that is read piece by piece: the predictions of the model that reads it at once. */
class DecoderTest {
    private static final int V = TinyModels.VOCABULARY;
    /** More tokens than are read at once, with a remainder. */
    private static final int LENGTH = 71;
    private static final GptModelSpec GPT = new GptModelSpec(V, 6, 2, 3, LENGTH, 8, Gelu.EXACT);
    private static final GptModelSpec SHORT_GPT = new GptModelSpec(V, 4, 1, 2, 5, 8, Gelu.TANH);

    private final int[] text = new RandomValues().tokens(V, LENGTH);

    static Stream<Arguments> models() {
        return BackendCase.present().flatMap(backend -> Stream.of(TinyModels.LSTM, GPT)
                .map(spec -> Arguments.of(backend, spec)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void predictsTokenByTokenWhatTheModelPredictsAtOnce(BackendCase backendCase, ModelSpec spec) {
        try (Backend backend = backendCase.open(); Decoder decoder = decoder(backend, spec)) {
            double[] expected = atOnce(backend, spec, text);
            for (int i = 0; i < LENGTH; i++) {
                assertClose("after token " + i, row(expected, i), decoder.read(text[i]),
                        backendCase.modelTolerance());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void predictsTheSameWhateverPiecesItReads(BackendCase backendCase, ModelSpec spec) {
        try (Backend backend = backendCase.open(); Decoder decoder = decoder(backend, spec)) {
            double[] expected = atOnce(backend, spec, text);
            for (int[] pieces : List.of(new int[] {LENGTH}, new int[] {40, 1, 30}, new int[] {1, 32, 33, 5})) {
                decoder.restart();
                int start = 0;
                for (int piece : pieces) {
                    double[] actual = decoder.read(Arrays.copyOfRange(text, start, start + piece));
                    start += piece;
                    assertClose("after " + start + " tokens", row(expected, start - 1), actual,
                            backendCase.modelTolerance());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void twoReadingsOfATextAreBitIdentical(BackendCase backendCase, ModelSpec spec) {
        try (Backend backend = backendCase.open(); Decoder decoder = decoder(backend, spec)) {
            double[] first = decoder.read(text);
            decoder.read(text[0]);
            decoder.restart();
            assertArrayEquals(first, decoder.read(text));
        }
    }

    /** What is no number in one text does not reach the next one, wherever its keys and values, or its states, were kept. */
    @ParameterizedTest
    @MethodSource("models")
    void nothingOfAnEarlierTextIsLeft(BackendCase backendCase, ModelSpec spec) {
        try (Backend backend = backendCase.open(); Decoder decoder = decoder(backend, spec)) {
            double[] expected = decoder.read(text[0], text[1]);
            NamedParameter poisoned = decoder.parameters().named(spec instanceof GptModelSpec
                    ? "embedding.position.weight"
                    : "lstm.bias_hh_l0");
            double[] values = poisoned.value().toDoubles();
            double[] broken = values.clone();
            Arrays.fill(broken, spec instanceof GptModelSpec ? 2 * spec.width() : 0, broken.length, Double.NaN);
            poisoned.value().set(broken);
            decoder.restart();
            assertTrue(Double.isNaN(decoder.read(Arrays.copyOf(text, 40))[1]));
            poisoned.value().set(values);
            decoder.restart();
            assertArrayEquals(expected, decoder.read(text[0], text[1]));
        }
    }

    /** Past the last position all but the newest half is forgotten. */
    @Test
    void theWindowSlides() {
        int positions = SHORT_GPT.positions();
        try (Backend backend = new ReferenceBackend(); Decoder decoder = decoder(backend, SHORT_GPT)) {
            int start = 0;
            for (int i = 0; i < 4 * positions; i++) {
                if (i - start == positions) {
                    start = i - positions / 2;
                }
                int[] window = Arrays.copyOfRange(text, start, i + 1);
                assertArrayEquals(row(atOnce(backend, SHORT_GPT, window), window.length - 1), decoder.read(text[i]),
                        1e-12, "after token " + i);
            }
        }
    }

    @Test
    void theWindowSlidesWithinAPieceAsItDoesTokenByToken() {
        for (GptModelSpec spec : List.of(SHORT_GPT, new GptModelSpec(V, 4, 1, 2, 1, 8, Gelu.EXACT))) {
            try (Backend backend = new ReferenceBackend(); Decoder decoder = decoder(backend, spec)) {
                double[] expected = IntStream.of(text).mapToObj(decoder::read).reduce((_, later) -> later)
                        .orElseThrow();
                decoder.restart();
                assertArrayEquals(expected, decoder.read(text), 1e-12);
            }
        }
    }

    @Test
    void nothingIsReadOfWhatIsRefused() {
        try (Backend backend = new ReferenceBackend(); Decoder decoder = decoder(backend, GPT)) {
            assertThrows(IllegalArgumentException.class, decoder::read);
            assertThrows(IllegalArgumentException.class, () -> decoder.read(1, V));
            assertThrows(IllegalArgumentException.class, () -> decoder.read(-1));
            assertArrayEquals(row(atOnce(backend, GPT, new int[] {2}), 0), decoder.read(2), 1e-12);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void nothingIsLearned(BackendCase backendCase) {
        try (Backend backend = backendCase.open(); Decoder decoder = decoder(backend, GPT)) {
            assertEquals(0, decoder.parameters().learnedElements());
            assertEquals(0, decoder.parameters().gradients().elements());
        }
    }

    @Test
    void failedConstructionLeavesNothingBehind() {
        for (ModelSpec spec : List.of(TinyModels.LSTM, SHORT_GPT)) {
            int calls = 0;
            boolean failed = true;
            while (failed) {
                calls++;
                FailingBackend failing = new FailingBackend(calls);
                failed = fails(failing, spec);
                assertEquals(0, failing.openStorages(), "after a failure of call " + calls);
            }
            assertEquals(true, calls > 10, "calls of the backend: " + calls);
        }
    }

    private static boolean fails(FailingBackend failing, ModelSpec spec) {
        try (Decoder decoder = Decoder.create(failing.backend(), spec)) {
            decoder.read(1);
            return false;
        } catch (OutOfMemoryError expected) {
            return true;
        }
    }

    private static Decoder decoder(Backend backend, ModelSpec spec) {
        Decoder decoder = Decoder.create(backend, spec);
        TinyModels.enlarge(decoder.parameters());
        return decoder;
    }

    /** All log-probabilities (T, V) of the model with the same weights. */
    private static double[] atOnce(Backend backend, ModelSpec spec, int[] tokens) {
        try (LanguageModel model = LanguageModel.create(backend, spec,
                new ModelOptions(1, tokens.length, 0, false, 1))) {
            TinyModels.enlarge(model.parameters());
            return model.logProbabilities(tokens).toDoubles();
        }
    }

    private static double[] row(double[] all, int row) {
        return Arrays.copyOfRange(all, row * V, (row + 1) * V);
    }
}
