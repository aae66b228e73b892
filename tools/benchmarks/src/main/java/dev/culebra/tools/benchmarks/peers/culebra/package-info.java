/** What is compared, done by Culebra: the operations of a backend, and the models of the study. */
package dev.culebra.tools.benchmarks.peers.culebra;
