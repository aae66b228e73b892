package dev.culebra.experiments.run;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * How well a model predicts a text.
 *
 * @param loss the mean negative log-likelihood over all unmasked tokens, in nats
 * @param perplexity exp(loss)
 * @param nllSum the negative log-likelihood of all unmasked tokens together, in nats
 * @param tokens how many those are
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Measurement(double loss, double perplexity, double nllSum, long tokens) {
    /** The measurement with this total over that many tokens. */
    public static Measurement of(double nllSum, long tokens) {
        double loss = nllSum / tokens;
        return new Measurement(loss, Math.exp(loss), nllSum, tokens);
    }
}
