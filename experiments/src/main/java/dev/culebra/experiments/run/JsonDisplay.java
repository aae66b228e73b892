package dev.culebra.experiments.run;

import java.io.PrintStream;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culebra.experiments.data.SplitName;
import dev.culebra.experiments.files.Json;

/** Shows each event as one JSON object a line, and everything else as plain lines elsewhere. */
public final class JsonDisplay implements RunListener {
    private final PrintStream out;
    private final RunListener people;
    private final Optional<String> run;

    /**
     * A display.
     *
     * @param out where events go
     * @param people shows people the same, elsewhere
     * @param run the run's name, if each event is to say it: where there are several
     */
    public JsonDisplay(PrintStream out, RunListener people, Optional<String> run) {
        this.out = out;
        this.people = people;
        this.run = run;
    }

    @Override
    public void event(Event event) {
        ObjectNode json = Json.mapper().valueToTree(event);
        run.ifPresent(name -> json.put("run", name));
        out.println(json);
        out.flush();
        people.event(event);
    }

    @Override
    public void note(String sentence) {
        people.note(sentence);
    }

    @Override
    public void progress(Progress progress) {
        people.progress(progress);
    }

    @Override
    public void evaluating(SplitName split, int batch, int batches) {
        people.evaluating(split, batch, batches);
    }

    /** An event as a line of JSON, without its end. */
    static String line(Event event) {
        try {
            return Json.mapper().writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
