package dev.culebra.experiments.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.run.GenerationEvent;
import dev.culebra.experiments.run.GenerationListener;

/**
 * Shows each event of a generated text as one JSON object a line.
 *
 * @param console to which
 */
record JsonGeneration(Console console) implements GenerationListener {
    @Override
    public void event(GenerationEvent event) {
        console.out().println(Json.mapper().<JsonNode>valueToTree(event));
        console.out().flush();
    }

    @Override
    public boolean isHeard() {
        return !console.out().checkError();
    }

    @Override
    public void note(String sentence) {
        console.err().println(sentence);
    }
}
