package dev.culebra.experiments.run;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.culebra.runtime.Precision;

/** What happens while text is generated: a line of standard output with {@code --json}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({@JsonSubTypes.Type(value = GenerationEvent.Prompt.class, name = "prompt"),
    @JsonSubTypes.Type(value = GenerationEvent.Token.class, name = "token"),
    @JsonSubTypes.Type(value = GenerationEvent.End.class, name = "end")})
public sealed interface GenerationEvent {
    /**
     * The model is ready to read the prompt.
     *
     * @param ids its tokens
     * @param text what these say, where the vocabulary is known
     * @param device the backend's name
     * @param precision the arithmetic
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Prompt(List<Integer> ids, Optional<String> text, String device,
            Precision precision) implements GenerationEvent {}

    /**
     * A token was drawn.
     *
     * @param index its number, from 1 on
     * @param id the token
     * @param text what it adds to the text, where the vocabulary is known
     * @param logProbability the logarithm of the probability that the model gave it, before the temperature
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Token(int index, int id, Optional<String> text, double logProbability) implements GenerationEvent {}

    /**
     * All is generated.
     *
     * @param promptTokens how many tokens the prompt had
     * @param tokens how many were generated
     * @param seconds from the first of these to the last; the first comes of reading the prompt
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record End(int promptTokens, int tokens, double seconds) implements GenerationEvent {
        /** How fast those after the first came. */
        public double tokensPerSecond() {
            return (tokens - 1) / seconds;
        }
    }
}
