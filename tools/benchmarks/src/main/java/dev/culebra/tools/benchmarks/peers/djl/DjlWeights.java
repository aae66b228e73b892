package dev.culebra.tools.benchmarks.peers.djl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Function;

import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import dev.culebra.nn.checkpoint.SafetensorsReader;

/**
 * Fills the parameters of DJL's blocks, which are to be initialised by then.
 *
 * @param values gives the numbers of a tensor, by the study's name for it
 */
record DjlWeights(Function<String, float[]> values) {
    /** Those of a safetensors file. */
    static DjlWeights of(Path file) {
        return new DjlWeights(name -> read(file, name));
    }

    private static float[] read(Path file, String name) {
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            double[] numbers = reader.readDoubles(name);
            float[] values = new float[numbers.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) numbers[i];
            }
            return values;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Fills one parameter. */
    void set(Parameter parameter, String name) {
        parameter.getArray().set(values.apply(name));
    }

    /** Fills an LSTM of so many layers: both sides have PyTorch's order of gates. */
    void set(LSTM block, String prefix, int layers) {
        for (int layer = 0; layer < layers; layer++) {
            String of = "l_" + layer + "_";
            set(block.getDirectParameters().get(of + "i2h_WEIGHT"), prefix + "weight_ih_l" + layer);
            set(block.getDirectParameters().get(of + "h2h_WEIGHT"), prefix + "weight_hh_l" + layer);
            set(block.getDirectParameters().get(of + "i2h_BIAS"), prefix + "bias_ih_l" + layer);
            set(block.getDirectParameters().get(of + "h2h_BIAS"), prefix + "bias_hh_l" + layer);
        }
    }

    /** Fills a linear layer. */
    void set(Linear block, String name) {
        set(block.getDirectParameters().get("weight"), name + ".weight");
        set(block.getDirectParameters().get("bias"), name + ".bias");
    }

    /** Fills a layer norm. */
    void set(LayerNorm block, String name) {
        set(block.getDirectParameters().get("gamma"), name + ".weight");
        set(block.getDirectParameters().get("beta"), name + ".bias");
    }

    /** Fills an attention's four projections. */
    void set(ScaledDotProductAttentionBlock block, String name) {
        set(block.getQueryProjection(), name + ".q_proj");
        set(block.getKeyProjection(), name + ".k_proj");
        set(block.getValueProjection(), name + ".v_proj");
        set(block.getResultProjection(), name + ".out_proj");
    }
}
