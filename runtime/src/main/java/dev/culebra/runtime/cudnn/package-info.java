/**
 * cuDNN's recurrent networks, checked and owning: an LSTM of several layers in one call, its gradients, and where its weights
 * lie.
 *
 * <p>Source: the cuDNN documentation, https://docs.nvidia.com/deeplearning/cudnn/latest/api/cudnn-adv-library.html.
 */
package dev.culebra.runtime.cudnn;
