package dev.culebra.runtime.cudnn;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.operation.ParameterRegion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** PyTorch's parameters in a weight space, wherever cuDNN places the parts. */
class RnnWeightsTest {
    /** cuDNN's linLayerID: 0 to 3 read the input and 4 to 7 the state, gates in the order i, f, g, o; 8 projects. */
    @ParameterizedTest
    @CsvSource({"0, INPUT_GATE_OF_INPUT, ih, 0", "1, FORGET_GATE_OF_INPUT, ih, 1", "2, CELL_GATE_OF_INPUT, ih, 2",
        "3, OUTPUT_GATE_OF_INPUT, ih, 3", "4, INPUT_GATE_OF_STATE, hh, 0", "5, FORGET_GATE_OF_STATE, hh, 1",
        "6, CELL_GATE_OF_STATE, hh, 2", "7, OUTPUT_GATE_OF_STATE, hh, 3", "8, PROJECTION, hr, 0"})
    void theNumbersOfLinearLayersAreTheVendors(int id, LinearLayer layer, String parameter, int block) {
        assertEquals(id, layer.id());
        assertEquals(parameter, layer.parameter());
        assertEquals(block, layer.rowBlock());
        assertEquals(layer != LinearLayer.PROJECTION, layer.hasBias());
    }

    @Test
    void matricesHaveTheShapesOfTheNetwork() {
        RnnSpec.Size size = new RnnSpec.Size(2, 7, 5, 3);
        assertEquals(9, LinearLayer.of(size).size());
        assertEquals(8, LinearLayer.of(RnnSpec.Size.of(2, 7, 5)).size());
        assertEquals(List.of(5, 7), shape(LinearLayer.CELL_GATE_OF_INPUT, size, 0));
        assertEquals(List.of(5, 3), shape(LinearLayer.CELL_GATE_OF_INPUT, size, 1));
        assertEquals(List.of(5, 3), shape(LinearLayer.CELL_GATE_OF_STATE, size, 0));
        assertEquals(List.of(3, 5), shape(LinearLayer.PROJECTION, size, 1));
    }

    private static List<Integer> shape(LinearLayer layer, RnnSpec.Size size, int of) {
        return List.of(layer.rows(size), layer.columns(size, of));
    }

    /** All matrices of a network without gaps, then all biases, as cuDNN has them. */
    private static List<RnnWeights.Part> parts(RnnSpec.Size size) {
        List<RnnWeights.Part> parts = new ArrayList<>();
        long matrix = 0;
        long bias = 10_000;
        for (int layer = 0; layer < size.layers(); layer++) {
            for (LinearLayer linear : LinearLayer.of(size)) {
                parts.add(new RnnWeights.Part(layer, linear, matrix, linear.hasBias() ? bias : RnnWeights.NO_BIAS));
                matrix += (long) linear.rows(size) * linear.columns(size, layer);
                bias += linear.hasBias() ? linear.rows(size) : 0;
            }
        }
        return parts;
    }

    @Test
    void gatesInARowAreOneParameter() {
        RnnSpec.Size size = RnnSpec.Size.of(2, 7, 5);
        assertEquals(List.of(new ParameterRegion("weight_ih_l0", Shape.of(20, 7), 0),
                new ParameterRegion("weight_hh_l0", Shape.of(20, 5), 140),
                new ParameterRegion("bias_ih_l0", Shape.of(20), 10_000),
                new ParameterRegion("bias_hh_l0", Shape.of(20), 10_020),
                new ParameterRegion("weight_ih_l1", Shape.of(20, 5), 240),
                new ParameterRegion("weight_hh_l1", Shape.of(20, 5), 340),
                new ParameterRegion("bias_ih_l1", Shape.of(20), 10_040),
                new ParameterRegion("bias_hh_l1", Shape.of(20), 10_060)),
                new RnnWeights(size, parts(size).reversed()).regions());
    }

    @Test
    void aProjectionIsAParameterWithoutBias() {
        RnnSpec.Size size = new RnnSpec.Size(1, 7, 5, 3);
        assertEquals(List.of(new ParameterRegion("weight_ih_l0", Shape.of(20, 7), 0),
                new ParameterRegion("weight_hh_l0", Shape.of(20, 3), 140),
                new ParameterRegion("bias_ih_l0", Shape.of(20), 10_000),
                new ParameterRegion("bias_hh_l0", Shape.of(20), 10_020),
                new ParameterRegion("weight_hr_l0", Shape.of(3, 5), 200)), new RnnWeights(size, parts(size)).regions());
    }

    @Test
    void gatesThatLieApartAreNoView() {
        RnnSpec.Size size = RnnSpec.Size.of(1, 7, 5);
        List<RnnWeights.Part> parts = parts(size);
        RnnWeights.Part moved = parts.get(5);
        parts.set(5, new RnnWeights.Part(0, moved.linear(), moved.matrix() + 1, moved.bias()));
        assertEquals(
                "cuDNN placed the gates of weight_hh_l0 at the elements [140, 166, 190, 215], which are not 25 apart",
                assertThrows(UnsupportedOperationException.class, () -> new RnnWeights(size, parts).regions())
                        .getMessage());
    }

    @Test
    void aMissingPartIsNamed() {
        RnnSpec.Size size = RnnSpec.Size.of(1, 7, 5);
        List<RnnWeights.Part> parts = parts(size);
        parts.remove(6);
        assertEquals("no CELL_GATE_OF_STATE of layer 0",
                assertThrows(IllegalArgumentException.class, () -> new RnnWeights(size, parts).regions()).getMessage());
    }
}
