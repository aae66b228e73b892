/**
 * Ways to compute the same, tried against one another on the device at hand: which are right, which repeat bit by bit, which
 * can be captured in a graph, and how long each takes. Whoever tries waits for the device and allocates: never in a capture.
 */
package dev.culebra.runtime.trial;
