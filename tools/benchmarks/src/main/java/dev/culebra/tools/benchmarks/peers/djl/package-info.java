/**
 * What is compared, done by DJL with its PyTorch engine: models and layers put together of DJL's own blocks, trained by its own
 * trainer, as its documentation does it. No other package here imports DJL.
 */
package dev.culebra.tools.benchmarks.peers.djl;
