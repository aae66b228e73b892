/**
 * How near every operation and every training step of the study comes to what its device can do: each is timed, and its
 * arithmetic and its least traffic of memory, computed from its sizes, are held against the rates of a large matrix product and
 * of a large copy, measured in the same run (the roofline model: Williams, Waterman, Patterson 2009).
 *
 * <p>Each class {@code Measured…} has an operation's calls and, beside them, the formulas of its work.
 */
package dev.culebra.tools.benchmarks.roofline;
