package dev.culebra.runtime.operation;

/**
 * The numbers of a step of Adam or AdamW that are the same for all parameters, computed in double precision and then rounded:
 * <pre>
 *   g ← g + decay p
 *   m ← beta1 m + rest1 g
 *   v ← beta2 v + rest2 g²
 *   p ← shrink p - rate m / (√v inverseCorrection + epsilon)
 * </pre>
 *
 * @param decay λ of Adam; 0 for AdamW
 * @param shrink 1 - η λ of AdamW; 1 for Adam
 * @param beta1 β₁
 * @param rest1 1 - β₁
 * @param beta2 β₂
 * @param rest2 1 - β₂
 * @param epsilon ε
 * @param rate η / (1 - β₁ᵗ)
 * @param inverseCorrection 1 / √(1 - β₂ᵗ)
 */
public record AdamFactors(float decay, float shrink, float beta1, float rest1, float beta2, float rest2, float epsilon,
        float rate, float inverseCorrection) {

    /** Those of step t, from 1 on, of Adam. */
    public static AdamFactors of(OptimizerSpec.Adam adam, double learningRate, long step) {
        return of(adam.weightDecay(), 1, adam.beta1(), adam.beta2(), adam.epsilon(), learningRate, step);
    }

    /** Those of step t, from 1 on, of AdamW. */
    public static AdamFactors of(OptimizerSpec.AdamW adamW, double learningRate, long step) {
        return of(0, 1 - learningRate * adamW.weightDecay(), adamW.beta1(), adamW.beta2(), adamW.epsilon(),
                learningRate, step);
    }

    private static AdamFactors of(double decay, double shrink, double beta1, double beta2, double epsilon,
            double learningRate, long step) {
        return new AdamFactors((float) decay, (float) shrink, (float) beta1, (float) (1 - beta1), (float) beta2,
                (float) (1 - beta2), (float) epsilon, (float) (learningRate / (1 - Math.pow(beta1, step))),
                (float) (1 / Math.sqrt(1 - Math.pow(beta2, step))));
    }
}
