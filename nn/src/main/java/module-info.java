/** Layers with hand-written backward passes, language models, losses, optimisers and checkpoints. */
module dev.culebra.nn {
    requires transitive dev.culebra.runtime;
    requires com.fasterxml.jackson.databind;

    exports dev.culebra.nn;
    exports dev.culebra.nn.checkpoint;
}
