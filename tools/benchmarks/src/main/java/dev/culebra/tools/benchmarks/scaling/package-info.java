/** How the time and the memory of a training step grow with the sizes of a run, one of them at a time. */
package dev.culebra.tools.benchmarks.scaling;
