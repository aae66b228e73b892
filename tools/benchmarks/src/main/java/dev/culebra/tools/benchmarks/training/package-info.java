/** Short runs of the study by the finished program, as a user starts it: what they learn, how fast, and whether they repeat. */
package dev.culebra.tools.benchmarks.training;
