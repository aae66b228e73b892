package dev.culebra.nn;

/**
 * How well a model predicts a batch.
 *
 * @param loss the mean over its sequences of each sequence's mean negative log-likelihood over its unmasked tokens
 * @param nllSum the negative log-likelihood of all unmasked tokens, in nats
 * @param tokens the number of unmasked tokens
 */
public record BatchLoss(double loss, double nllSum, long tokens) {}
