package dev.culebra.experiments.cli;

import java.util.Locale;
import java.util.stream.Collectors;

import dev.culebra.experiments.run.GenerationEvent;
import dev.culebra.experiments.run.GenerationListener;

/** Shows a generated text as it grows, or tokens where there is no vocabulary; all else goes to standard error. */
final class TextGeneration implements GenerationListener {
    private final Console console;
    private boolean hasText;

    /** A display on a console. */
    TextGeneration(Console console) {
        this.console = console;
    }

    @Override
    public void event(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Prompt prompt -> print(prompt.text().orElseGet(
                    () -> prompt.ids().stream().map(String::valueOf).collect(Collectors.joining(","))));
            case GenerationEvent.Token token -> print(token.text().orElse("," + token.id()));
            case GenerationEvent.End end -> {
                close();
                console.err().println(end.tokens() == 1
                        ? "1 token"
                        : String.format(Locale.ROOT, "%d tokens in %.1f s, %.0f a second", end.tokens(), end.seconds(),
                                end.tokensPerSecond()));
            }
        }
    }

    private void print(String part) {
        console.out().print(part);
        console.out().flush();
        hasText = true;
    }

    @Override
    public boolean isHeard() {
        return !console.out().checkError();
    }

    @Override
    public void note(String sentence) {
        console.err().println(sentence);
    }

    /** Ends the text's line, also where it was broken off. */
    @Override
    public void close() {
        if (hasText) {
            console.out().println();
            hasText = false;
        }
    }
}
