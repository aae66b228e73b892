package dev.culebra.tools.benchmarks.roofline;

import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Embedding;
import dev.culebra.runtime.operation.EmbeddingSpec;

/** The look-up of B T tokens, of their positions too where there are some, in tables of width E. */
final class MeasuredEmbedding extends MeasuredOperation {
    private final EmbeddingSpec spec;
    private final Embedding operation;
    private final Tensor tokens;
    private final Tensor tokenTable;
    private final Tensor positionTable;
    private final Tensor y;
    private final Tensor dy;
    private final Tensor dTokenTable;
    private final Tensor dPositionTable;

    MeasuredEmbedding(Backend backend, EmbeddingSpec spec) {
        super(backend);
        this.spec = spec;
        operation = own(backend.embedding(spec));
        boolean positions = spec.positions() > 0;
        tokens = ids(spec.vocabulary(), spec.batch(), spec.sequenceLength());
        tokenTable = parameters(spec.vocabulary(), spec.width());
        positionTable = positions ? parameters(spec.positions(), spec.width()) : tokenTable;
        y = activations(spec.batch(), spec.sequenceLength(), spec.width());
        dy = activations(spec.batch(), spec.sequenceLength(), spec.width());
        dTokenTable = parameters(spec.vocabulary(), spec.width());
        dPositionTable = positions ? parameters(spec.positions(), spec.width()) : dTokenTable;
    }

    @Override
    List<Call> calls() {
        String sizes = spec.batch() + " x " + spec.sequenceLength() + " of " + spec.vocabulary() + " x " + spec.width()
                + (spec.positions() > 0 ? ", with positions" : "");
        return List.of(
                new Call("embedding", "forward", sizes, forward(spec, widths),
                        () -> operation.forward(tokens, tokenTable, positionTable, y)),
                new Call("embedding", "backward", sizes, backward(spec, widths),
                        () -> operation.backward(tokens, dy, dTokenTable, dPositionTable)));
    }

    /** An addition of each element where there are positions. Reads ids, B T rows of the table and T positions; writes y. */
    static Work forward(EmbeddingSpec spec, Widths widths) {
        double rows = (double) spec.batch() * spec.sequenceLength();
        double elements = rows * spec.width();
        double positions = spec.positions() == 0 ? 0 : (double) spec.sequenceLength() * spec.width();
        return new Work(spec.positions() == 0 ? 0 : elements, Widths.ID * rows + widths.activation() * elements
                + widths.parameter() * (elements + positions));
    }

    /**
     * An addition of each element to the token's gradient, and to the position's. Reads ids and dy, reads and writes B T rows of the
     * tokens' gradient, as if no token came twice, and writes the positions'.
     */
    static Work backward(EmbeddingSpec spec, Widths widths) {
        double rows = (double) spec.batch() * spec.sequenceLength();
        double elements = rows * spec.width();
        double positions = (double) spec.positions() * spec.width();
        return new Work(elements * (spec.positions() == 0 ? 1 : 2), Widths.ID * rows + widths.activation() * elements
                + widths.parameter() * (2 * elements + positions));
    }
}
