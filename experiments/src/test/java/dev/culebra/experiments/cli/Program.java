package dev.culebra.experiments.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.run.Interruption;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The program with its output caught. */
final class Program {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final int code;

    private Program(Interruption interruption, List<String> arguments) {
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false, interruption);
        this.code = Commands.run(console, arguments.toArray(String[]::new));
    }

    /** Runs a command line; words are split at spaces, and {@code more} stays as it is. */
    static Program run(String words, Object... more) {
        return run(() -> false, words, more);
    }

    /** The same with something that asks it to stop. */
    static Program run(Interruption interruption, String words, Object... more) {
        List<String> arguments = new ArrayList<>(List.of(words.split(" +")));
        Stream.of(more).map(String::valueOf).forEach(arguments::add);
        return new Program(interruption, arguments);
    }

    int code() {
        return code;
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Checks that it failed with this code and with one line of this content. */
    void assertFails(int expectedCode, String line) {
        assertEquals("error: " + line + System.lineSeparator(), err());
        assertEquals(expectedCode, code);
    }

    /** Checks that it went well. */
    Program assertDone() {
        assertEquals(0, code, () -> out() + err());
        return this;
    }

    /** Standard output as one JSON object a line, those of that event. */
    List<JsonNode> events(String event) {
        return out().lines().map(Program::json).filter(node -> node.get("event").asText().equals(event)).toList();
    }

    private static JsonNode json(String line) {
        try {
            return Json.mapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }
}
