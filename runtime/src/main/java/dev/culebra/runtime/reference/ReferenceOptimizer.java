package dev.culebra.runtime.reference;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.HostOptimizer;
import dev.culebra.runtime.operation.OptimizerSpec;

/** {@link dev.culebra.runtime.operation.Optimizer}, parameter by parameter. */
final class ReferenceOptimizer extends HostOptimizer {
    ReferenceOptimizer(OptimizerSpec spec, long elements, Arguments arguments) {
        super(spec, elements, arguments);
    }

    @Override
    protected void compute(Tensor parameters, Tensor gradients, Tensor state, double gradientScale) {
        double learningRate = learningRate();
        double[] p = parameters.toDoubles(); // (n)
        double[] g = gradients.toDoubles(); // (n)
        double[] s = state.toDoubles(); // (slots, n)
        for (int i = 0; i < elements(); i++) {
            g[i] *= gradientScale;
            switch (spec()) {
                case OptimizerSpec.Sgd(double decay) -> p[i] -= learningRate * (g[i] + decay * p[i]);
                case OptimizerSpec.Momentum(double momentum, double decay) -> {
                    s[i] = momentum * s[i] + (g[i] + decay * p[i]);
                    p[i] -= learningRate * s[i];
                }
                case OptimizerSpec.Adam(double beta1, double beta2, double epsilon, double decay) -> {
                    g[i] += decay * p[i];
                    p[i] -= learningRate * adamDirection(g[i], s, i, new Betas(beta1, beta2), epsilon);
                }
                case OptimizerSpec.AdamW(double beta1, double beta2, double epsilon, double decay) -> {
                    p[i] *= 1 - learningRate * decay;
                    p[i] -= learningRate * adamDirection(g[i], s, i, new Betas(beta1, beta2), epsilon);
                }
            }
        }
        parameters.set(p);
        state.set(s);
    }

    private record Betas(double first, double second) {}

    /** Updates the running means m and v of parameter i and returns m̂ / (√v̂ + ε), both corrected for their start at 0. */
    private double adamDirection(double gradient, double[] state, int i, Betas beta, double epsilon) {
        int m = i;
        int v = elements() + i;
        state[m] = beta.first * state[m] + (1 - beta.first) * gradient;
        state[v] = beta.second * state[v] + (1 - beta.second) * gradient * gradient;
        double correctedM = state[m] / (1 - Math.pow(beta.first, step()));
        double correctedV = state[v] / (1 - Math.pow(beta.second, step()));
        return correctedM / (Math.sqrt(correctedV) + epsilon);
    }
}
