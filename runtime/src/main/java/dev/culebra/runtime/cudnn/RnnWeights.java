package dev.culebra.runtime.cudnn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.operation.ParameterRegion;

/**
 * Where the weights of a network lie in its weight space, in elements from its start.
 *
 * @param size the widths of the network
 * @param parts the linear layers of all layers, in any order
 */
public record RnnWeights(RnnSpec.Size size, List<Part> parts) {
    /** Where the bias of a linear layer begins that has none. */
    static final long NO_BIAS = -1;

    /** Keeps its own copy of the parts. */
    public RnnWeights {
        parts = List.copyOf(parts);
    }

    /**
     * Where one linear layer lies.
     *
     * @param layer which layer of the network, counted from 0
     * @param linear which linear layer of that
     * @param matrix where its matrix begins, which is row-major and contiguous
     * @param bias where its bias begins; -1 if it has none
     */
    public record Part(int layer, LinearLayer linear, long matrix, long bias) {}

    /**
     * PyTorch's parameters as views of the weight space: {@code weight_ih_l0} (4H, E), {@code weight_hh_l0},
     * {@code bias_ih_l0}, {@code bias_hh_l0}, with a projection {@code weight_hr_l0}, then those of layer 1 and so on.
     *
     * @throws UnsupportedOperationException if cuDNN placed the gates of one of them apart or in another order, so that no
     *     view can show it
     */
    public List<ParameterRegion> regions() {
        List<ParameterRegion> regions = new ArrayList<>();
        for (int layer = 0; layer < size.layers(); layer++) {
            regions.add(matrix(layer, "ih"));
            regions.add(matrix(layer, "hh"));
            regions.add(bias(layer, "ih"));
            regions.add(bias(layer, "hh"));
            if (size.isProjected()) {
                regions.add(matrix(layer, "hr"));
            }
        }
        return List.copyOf(regions);
    }

    private ParameterRegion matrix(int layer, String parameter) {
        List<Part> blocks = blocks(layer, parameter);
        LinearLayer linear = blocks.getFirst().linear();
        int rows = linear.rows(size);
        int columns = linear.columns(size, layer);
        String name = "weight_" + parameter + "_l" + layer;
        return new ParameterRegion(name, Shape.of(blocks.size() * rows, columns),
                start(name, blocks.stream().mapToLong(Part::matrix).toArray(), (long) rows * columns));
    }

    private ParameterRegion bias(int layer, String parameter) {
        List<Part> blocks = blocks(layer, parameter);
        int rows = blocks.getFirst().linear().rows(size);
        String name = "bias_" + parameter + "_l" + layer;
        return new ParameterRegion(name, Shape.of(blocks.size() * rows),
                start(name, blocks.stream().mapToLong(Part::bias).toArray(), rows));
    }

    /** The parts that are one parameter of PyTorch, in the order of its rows. */
    private List<Part> blocks(int layer, String parameter) {
        List<Part> blocks = new ArrayList<>();
        for (LinearLayer linear : LinearLayer.of(size)) {
            if (linear.parameter().equals(parameter)) {
                blocks.add(part(layer, linear));
            }
        }
        return blocks;
    }

    private Part part(int layer, LinearLayer linear) {
        return parts.stream().filter(part -> part.layer() == layer && part.linear() == linear).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + linear + " of layer " + layer));
    }

    /** Where the first block begins, if each follows upon the one before. */
    private static long start(String name, long[] offsets, long elements) {
        for (int block = 1; block < offsets.length; block++) {
            if (offsets[block] != offsets[0] + block * elements) {
                throw new UnsupportedOperationException("cuDNN placed the gates of " + name + " at the elements "
                        + Arrays.toString(offsets) + ", which are not " + elements + " apart");
            }
        }
        return offsets[0];
    }
}
