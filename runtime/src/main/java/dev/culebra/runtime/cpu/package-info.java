/**
 * The CPU backend: oneDNN's primitives, but for its recurrent one, and plain Java loops on all cores for the rest.
 *
 * <p>Weights stay in single precision in the model's parameter buffer; each operation keeps a copy in the layout and
 * type that oneDNN computes fastest with, renewed when the parameters have changed.
 */
package dev.culebra.runtime.cpu;
