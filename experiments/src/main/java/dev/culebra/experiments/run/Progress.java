package dev.culebra.experiments.run;

/**
 * How far a run is.
 *
 * @param step the steps made
 * @param totalSteps the steps to make
 * @param epoch the epoch of the last step, from 1 on
 * @param epochs how many epochs the run has
 * @param stepOfEpoch the steps made in this epoch
 * @param stepsPerEpoch how many an epoch has
 * @param loss the mean negative log-likelihood of the last step's tokens
 * @param tokensPerSecond unmasked tokens per second, lately
 * @param secondsLeft until the last step, at the speed so far
 * @param bestPerplexity the lowest validation perplexity so far; infinite before the first epoch's end
 */
public record Progress(long step, long totalSteps, int epoch, int epochs, int stepOfEpoch, int stepsPerEpoch,
        double loss, double tokensPerSecond, double secondsLeft, double bestPerplexity) {}
