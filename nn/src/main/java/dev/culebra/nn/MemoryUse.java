package dev.culebra.nn;

/**
 * What a model that is trained needs memory for, in bytes.
 *
 * @param parameters all weights, learned and frozen
 * @param gradients those of the learned weights
 * @param optimizerState what the optimiser keeps beside each learned weight
 * @param activations what lives for one step: activations, their gradients, and what operations keep for the way back
 * @param batches tokens, targets, losses, and states between sequences
 * @param workspace what operations have for themselves: scratch memory, and copies of weights in another layout or type
 */
public record MemoryUse(long parameters, long gradients, long optimizerState, long activations, long batches,
        long workspace) {
    /** That of a model and its optimiser; complete as soon as each kind of pass that will come was run once. */
    public static MemoryUse of(LanguageModel model, ModelOptimizer optimizer) {
        Network network = model.network();
        return new MemoryUse(network.parameters().valueBytes(), network.parameters().gradients().bytes(),
                optimizer.stateBytes(), network.memory().bytes(),
                network.persistentBytes() - optimizer.stateBytes(), network.backend().workspaceBytes());
    }

    /** All of it. */
    public long total() {
        return parameters + gradients + optimizerState + activations + batches + workspace;
    }
}
