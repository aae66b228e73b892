package dev.culebra.nn;

import java.util.List;

import dev.culebra.runtime.Tensor;

/**
 * Layers one after another. It owns what flows between them: its {@link #backward} frees every result but the last,
 * which is its caller's. The gradient it is given is treated as its last layer treats it.
 */
public final class Sequential implements Layer {
    private final Network network;
    private final List<? extends Layer> layers;
    private final Tensor[] results;

    /** The composition of {@code layers}, the first of which reads the input. */
    public Sequential(Network network, List<? extends Layer> layers) {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a sequence needs at least one layer");
        }
        this.network = network;
        this.layers = List.copyOf(layers);
        this.results = new Tensor[layers.size()];
    }

    @Override
    public Tensor forward(Tensor input) {
        Tensor x = input;
        for (int i = 0; i < results.length; i++) {
            results[i] = layers.get(i).forward(x);
            if (i > 0) {
                network.freeInInference(x);
            }
            x = results[i];
        }
        return x;
    }

    @Override
    public Tensor backward(Tensor gradient) {
        int last = results.length - 1;
        Tensor upstream = gradient;
        for (int i = last; i >= 0; i--) {
            Tensor downstream = layers.get(i).backward(upstream);
            if (i < last) {
                network.free(upstream);
                network.free(results[i]);
            }
            upstream = downstream;
        }
        return upstream;
    }
}
