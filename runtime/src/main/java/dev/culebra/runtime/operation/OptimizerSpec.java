package dev.culebra.runtime.operation;

/** Which update an optimiser makes; each is PyTorch's of that name. */
public sealed interface OptimizerSpec {
    /** λ: decoupled in AdamW, added to the gradient (g + λ p) in the others. */
    double weightDecay();

    /** How many values of state each parameter has. */
    int stateSlots();

    /**
     * p ← p - η g.
     *
     * @param weightDecay λ
     */
    record Sgd(double weightDecay) implements OptimizerSpec {
        @Override
        public int stateSlots() {
            return 0;
        }
    }

    /**
     * v ← μ v + g; p ← p - η v (no dampening, no Nesterov).
     *
     * @param momentum μ
     * @param weightDecay λ
     */
    record Momentum(double momentum, double weightDecay) implements OptimizerSpec {
        @Override
        public int stateSlots() {
            return 1;
        }
    }

    /**
     * m ← β₁ m + (1-β₁) g; v ← β₂ v + (1-β₂) g²; p ← p - η / (1-β₁ᵗ) · m / (√v / √(1-β₂ᵗ) + ε) (Kingma and Ba 2015).
     *
     * @param beta1 β₁
     * @param beta2 β₂
     * @param epsilon ε
     * @param weightDecay λ, added to the gradient
     */
    record Adam(double beta1, double beta2, double epsilon, double weightDecay) implements OptimizerSpec {
        @Override
        public int stateSlots() {
            return 2;
        }
    }

    /**
     * p ← (1 - η λ) p, then Adam without decay (Loshchilov and Hutter 2019).
     *
     * @param beta1 β₁
     * @param beta2 β₂
     * @param epsilon ε
     * @param weightDecay λ, decoupled
     */
    record AdamW(double beta1, double beta2, double epsilon, double weightDecay) implements OptimizerSpec {
        @Override
        public int stateSlots() {
            return 2;
        }
    }
}
