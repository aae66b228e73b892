package dev.culebra.runtime.cudnn;

import java.util.List;

import dev.culebra.runtime.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Which networks and batches there are. */
class RnnSpecTest {
    @ParameterizedTest
    @CsvSource({"0, 1, 1, 1", "1, 0, 1, 1", "1, 1, 0, 1", "1, 1, 1, 0", "-1, 1, 1, 1"})
    void sizesArePositive(int layers, int input, int hidden, int projection) {
        assertEquals("sizes must be positive, but are " + layers + ", " + input + ", " + hidden + ", " + projection,
                assertThrows(IllegalArgumentException.class,
                        () -> new RnnSpec.Size(layers, input, hidden, projection)).getMessage());
    }

    @Test
    void aProjectionIsNarrowerThanTheStateAndOfTheStandardAlgorithm() {
        assertEquals("a projection to 6 is wider than the state, 5", assertThrows(IllegalArgumentException.class,
                () -> new RnnSpec.Size(1, 2, 5, 6)).getMessage());
        RnnSpec.Size projected = new RnnSpec.Size(2, 7, 5, 3);
        assertTrue(projected.isProjected());
        assertFalse(RnnSpec.Size.of(2, 7, 5).isProjected());
        assertEquals(7, projected.inputSize(0));
        assertEquals(3, projected.inputSize(1));
        assertEquals("PERSIST_STATIC has no projection: only STANDARD has", assertThrows(IllegalArgumentException.class,
                () -> new RnnSpec(projected, RnnArithmetic.TF32, RnnAlgorithm.PERSIST_STATIC,
                        RnnDataLayout.BATCH_MAJOR))
                .getMessage());
    }

    @Test
    void sequencesHaveStepsAndRoom() {
        assertEquals("a batch has at least one sequence", assertThrows(IllegalArgumentException.class,
                () -> new RnnSequences(List.of(), 3)).getMessage());
        assertEquals("a sequence has from 1 to 3 time steps, but one has 4",
                assertThrows(IllegalArgumentException.class, () -> new RnnSequences(List.of(1, 4), 3)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new RnnSequences(List.of(1, 0), 3));
        assertThrows(IllegalArgumentException.class, () -> RnnSequences.equal(2, 0));
        assertEquals(new RnnSequences(List.of(5, 5, 5), 5), RnnSequences.equal(3, 5));
    }

    @Test
    void aPackedBatchHasNoPadding() {
        RnnSequences sequences = new RnnSequences(List.of(4, 2, 1), 5);
        assertEquals(3, sequences.batch());
        assertEquals(7, sequences.total());
        assertEquals(15, RnnDataLayout.TIME_MAJOR.vectors(sequences));
        assertEquals(15, RnnDataLayout.BATCH_MAJOR.vectors(sequences));
        assertEquals(7, RnnDataLayout.TIME_MAJOR_PACKED.vectors(sequences));
    }

    @Test
    void sumsAreInSinglePrecisionBelowDouble() {
        assertEquals(DataType.F32, RnnArithmetic.BF16.mathPrecision());
        assertEquals(DataType.BF16, RnnArithmetic.BF16.dataType());
        assertEquals(DataType.F64, RnnArithmetic.F64.mathPrecision());
    }
}
