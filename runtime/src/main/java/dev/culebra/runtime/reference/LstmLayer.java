package dev.culebra.runtime.reference;

import java.util.Arrays;

import dev.culebra.runtime.operation.Lstm;

/**
 * One layer of an {@link Lstm}: B sequences of T time steps, inputs of width E, states of width H.
 *
 * <p>Forward keeps (B, T, 6, H): of every sequence and time step the four gates after their activation, c_t and h_t.
 *
 * @param batch B
 * @param sequenceLength T
 * @param inputSize E
 * @param hiddenSize H
 */
record LstmLayer(int batch, int sequenceLength, int inputSize, int hiddenSize) {
    static final int INPUT_GATE = 0;
    static final int FORGET_GATE = 1;
    static final int CELL_GATE = 2;
    static final int OUTPUT_GATE = 3;
    static final int CELL = 4;
    static final int HIDDEN = 5;
    static final int KEPT = 6;

    /**
     * The parameters, or their gradients.
     *
     * @param input W_ih (4H, E)
     * @param hidden W_hh (4H, H)
     * @param inputBias b_ih (4H)
     * @param hiddenBias b_hh (4H)
     */
    record Weights(double[] input, double[] hidden, double[] inputBias, double[] hiddenBias) {}

    /**
     * What comes into a layer.
     *
     * @param x (B, T, E)
     * @param hidden h₀ (B, H)
     * @param cell c₀ (B, H)
     */
    record Input(double[] x, double[] hidden, double[] cell) {}

    /**
     * What goes back out of a layer.
     *
     * @param x dx (B, T, E)
     * @param weights the gradients of the weights
     */
    record Gradients(double[] x, Weights weights) {}

    /** What is kept (B, T, 6, H): the result stands in it as h. */
    double[] forward(Input in, Weights w) {
        double[] kept = new double[batch * sequenceLength * KEPT * hiddenSize];
        for (int b = 0; b < batch; b++) {
            for (int t = 0; t < sequenceLength; t++) {
                double[] x = slice(in.x, (b * sequenceLength + t) * inputSize, inputSize); // x_t (E)
                double[] h = previous(HIDDEN, in.hidden, kept, b, t); // h_{t-1} (H)
                double[] c = previous(CELL, in.cell, kept, b, t); // c_{t-1} (H)
                for (int j = 0; j < hiddenSize; j++) {
                    double i = sigmoid(gate(w, INPUT_GATE * hiddenSize + j, x, h));
                    double f = sigmoid(gate(w, FORGET_GATE * hiddenSize + j, x, h));
                    double g = Math.tanh(gate(w, CELL_GATE * hiddenSize + j, x, h));
                    double o = sigmoid(gate(w, OUTPUT_GATE * hiddenSize + j, x, h));
                    double cell = f * c[j] + i * g;
                    kept[at(b, t, INPUT_GATE) + j] = i;
                    kept[at(b, t, FORGET_GATE) + j] = f;
                    kept[at(b, t, CELL_GATE) + j] = g;
                    kept[at(b, t, OUTPUT_GATE) + j] = o;
                    kept[at(b, t, CELL) + j] = cell;
                    kept[at(b, t, HIDDEN) + j] = o * Math.tanh(cell);
                }
            }
        }
        return kept;
    }

    /**
     * Walks each sequence from its end: dh_t and dc_t are what the output at t and the step t + 1 ask for together.
     * <pre>
     *   do = dh tanh(c)          dc += dh o (1 - tanh²(c))
     *   di = dc g   df = dc c_{t-1}   dg = dc i                  then times the derivative of each gate's activation
     *   dx = d(gates) W_ih,  dh_{t-1} = d(gates) W_hh,  dc_{t-1} = dc f,  dW = Σ_t d(gates)ᵀ (x or h_{t-1})
     * </pre>
     *
     * @param dy the gradient of h (B, T, H)
     */
    Gradients backward(Input in, Weights w, double[] kept, double[] dy) {
        double[] dx = new double[in.x.length]; // (B, T, E)
        Weights dw = new Weights(new double[w.input.length], new double[w.hidden.length],
                new double[w.inputBias.length], new double[w.hiddenBias.length]);
        for (int b = 0; b < batch; b++) {
            double[] dh = new double[hiddenSize]; // (H)
            double[] dc = new double[hiddenSize]; // (H)
            for (int t = sequenceLength - 1; t >= 0; t--) {
                double[] h = previous(HIDDEN, in.hidden, kept, b, t); // h_{t-1} (H)
                double[] c = previous(CELL, in.cell, kept, b, t); // c_{t-1} (H)
                double[] dGates = new double[4 * hiddenSize]; // (4, H)
                for (int j = 0; j < hiddenSize; j++) {
                    double i = kept[at(b, t, INPUT_GATE) + j];
                    double f = kept[at(b, t, FORGET_GATE) + j];
                    double g = kept[at(b, t, CELL_GATE) + j];
                    double o = kept[at(b, t, OUTPUT_GATE) + j];
                    double tanhCell = Math.tanh(kept[at(b, t, CELL) + j]);
                    double dHidden = dy[(b * sequenceLength + t) * hiddenSize + j] + dh[j];
                    double dCell = dc[j] + dHidden * o * (1 - tanhCell * tanhCell);
                    dGates[INPUT_GATE * hiddenSize + j] = dCell * g * i * (1 - i);
                    dGates[FORGET_GATE * hiddenSize + j] = dCell * c[j] * f * (1 - f);
                    dGates[CELL_GATE * hiddenSize + j] = dCell * i * (1 - g * g);
                    dGates[OUTPUT_GATE * hiddenSize + j] = dHidden * tanhCell * o * (1 - o);
                    dc[j] = dCell * f;
                    dh[j] = 0;
                }
                int x = (b * sequenceLength + t) * inputSize;
                for (int row = 0; row < 4 * hiddenSize; row++) {
                    for (int e = 0; e < inputSize; e++) {
                        dx[x + e] += dGates[row] * w.input[row * inputSize + e];
                        dw.input[row * inputSize + e] += dGates[row] * in.x[x + e];
                    }
                    for (int j = 0; j < hiddenSize; j++) {
                        dh[j] += dGates[row] * w.hidden[row * hiddenSize + j];
                        dw.hidden[row * hiddenSize + j] += dGates[row] * h[j];
                    }
                    dw.inputBias[row] += dGates[row];
                    dw.hiddenBias[row] += dGates[row];
                }
            }
        }
        return new Gradients(dx, dw);
    }

    /** All h, or all c, of what is kept: (B, T, H). */
    double[] all(int part, double[] kept) {
        double[] values = new double[batch * sequenceLength * hiddenSize];
        for (int step = 0; step < batch * sequenceLength; step++) {
            System.arraycopy(kept, (step * KEPT + part) * hiddenSize, values, step * hiddenSize, hiddenSize);
        }
        return values;
    }

    /** h_T or c_T of what is kept: (B, H). */
    double[] last(int part, double[] kept) {
        double[] values = new double[batch * hiddenSize];
        for (int b = 0; b < batch; b++) {
            System.arraycopy(kept, at(b, sequenceLength - 1, part), values, b * hiddenSize, hiddenSize);
        }
        return values;
    }

    /** x_t W_ihᵀ + b_ih + h_{t-1} W_hhᵀ + b_hh, one row of it. */
    private double gate(Weights w, int row, double[] x, double[] h) {
        double sum = w.inputBias[row] + w.hiddenBias[row];
        for (int e = 0; e < inputSize; e++) {
            sum += w.input[row * inputSize + e] * x[e];
        }
        for (int j = 0; j < hiddenSize; j++) {
            sum += w.hidden[row * hiddenSize + j] * h[j];
        }
        return sum;
    }

    /** h_{t-1} or c_{t-1}, which at t = 0 is the initial state. */
    private double[] previous(int part, double[] initial, double[] kept, int b, int t) {
        return t == 0
                ? slice(initial, b * hiddenSize, hiddenSize)
                : slice(kept, at(b, t - 1, part), hiddenSize);
    }

    /** Where a part of a time step begins in (B, T, 6, H). */
    private int at(int b, int t, int part) {
        return ((b * sequenceLength + t) * KEPT + part) * hiddenSize;
    }

    private static double[] slice(double[] values, int from, int count) {
        return Arrays.copyOfRange(values, from, from + count);
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
