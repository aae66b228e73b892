/** Checkpoints of models and their training, and the safetensors files that they are. */
package dev.culebra.nn.checkpoint;
