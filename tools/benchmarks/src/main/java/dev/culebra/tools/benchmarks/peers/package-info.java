/**
 * Culebra beside DJL, and beside PyTorch by the scripts that compare them: the same weights and data go in, the results are compared,
 * and then each is timed in processes of its own.
 */
package dev.culebra.tools.benchmarks.peers;
