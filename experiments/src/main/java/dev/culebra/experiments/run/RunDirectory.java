package dev.culebra.experiments.run;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.files.WholeFile;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.nn.checkpoint.AtomicFile;

/**
 * A folder that holds one run: {@code config.json}, {@code metrics.jsonl}, {@code last.safetensors},
 * {@code best.safetensors} and TensorBoard's event files. A run that is there is never overwritten: it is continued, or left
 * alone.
 *
 * @param folder where
 */
public record RunDirectory(Path folder) {
    private static final String PROVENANCE = "provenance";

    /** The configuration of the run, and with what it was made. */
    public Path config() {
        return folder.resolve("config.json");
    }

    /** What happened, one event a line. */
    public Path metrics() {
        return folder.resolve("metrics.jsonl");
    }

    /** The state to continue from. */
    public Path last() {
        return folder.resolve("last.safetensors");
    }

    /** The weights with the lowest validation perplexity. */
    public Path best() {
        return folder.resolve("best.safetensors");
    }

    /** Whether a run was ever started here. */
    public boolean holdsRun() {
        return Files.exists(config()) || Files.exists(last());
    }

    /**
     * What happened so far, in its order; what a crash left half written is left out.
     *
     * @throws BadInputException if the metrics are damaged
     */
    public List<Event> events() {
        return MetricsFile.read(metrics());
    }

    /** How many steps the run here made, if it reached its end. */
    OptionalLong stepsOfFinishedRun() {
        return events().stream()
                .mapToLong(event -> event instanceof Event.End end ? end.step() : -1).filter(step -> step >= 0)
                .findAny();
    }

    /**
     * Makes sure that a new run can be made here, and changes nothing.
     *
     * @throws BadInputException if there is a run already, or the folder cannot be written to
     */
    void requireFree() {
        requireNoRun();
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        if (!Files.isDirectory(existing)) {
            throw notWritable(new FileAlreadyExistsException(existing.toString()));
        }
        requireWritable(existing);
    }

    /**
     * Makes sure that no run was ever started here.
     *
     * @throws BadInputException if one was
     */
    void requireNoRun() {
        if (holdsRun()) {
            throw new BadInputException(folder + " already holds "
                    + (stepsOfFinishedRun().isPresent() ? "a finished run" : "an unfinished run")
                    + "; continue it with --resume, or choose another folder with --run-dir");
        }
    }

    /**
     * Makes the folder, if it is not there.
     *
     * @throws BadInputException if it cannot be made
     */
    void create() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    /**
     * Makes sure that the run here can be continued with {@code configuration}.
     *
     * @throws BadInputException if there is no run, or it was started with other settings
     */
    void requireRun(Configuration configuration) {
        if (!Files.exists(config()) && Files.exists(last())) {
            throw new BadInputException(config() + " is missing, without which no run can be continued; restore it, or "
                    + "start a new run from the weights with --init-from " + last() + " and another --run-dir");
        }
        if (!Files.exists(config())) {
            throw new BadInputException(folder + " holds no run to continue; leave out --resume, or name the run's "
                    + "folder with --run-dir");
        }
        requireWritable(folder);
        requireSameSettings(configuration);
    }

    /**
     * Makes sure that the run here was not started with other settings than {@code configuration}.
     *
     * @throws BadInputException if it was, or does not tell its settings
     */
    void requireSameSettings(Configuration configuration) {
        List<String> differences = configuration.differences(readConfiguration());
        if (!differences.isEmpty()) {
            throw new BadInputException("the run in " + folder + " was started with other settings: "
                    + String.join(", ", differences)
                    + "; give the same options, or start a new run in another --run-dir");
        }
    }

    /**
     * Makes sure that nothing is lost by continuing from {@code checkpoint}.
     *
     * @param events what the metrics tell
     * @throws BadInputException if the metrics lack epochs that the checkpoint has completed, or the checkpoint is missing
     *     though epochs were completed
     */
    void requireWhole(List<Event> events, TrainingState checkpoint) {
        long told = events.stream().filter(Event.Epoch.class::isInstance).filter(checkpoint::isAfter).count();
        boolean lacksCheckpoint = !Files.exists(last()) && events.stream().anyMatch(Event.Epoch.class::isInstance);
        if (lacksCheckpoint || told != checkpoint.completedEpochs()) {
            throw new BadInputException((lacksCheckpoint
                    ? last() + " is missing"
                    : metrics() + " tells of " + told + " of the " + checkpoint.completedEpochs()
                            + " epochs that the run has completed")
                    + "; restore the file, or start a new run in another --run-dir");
        }
    }

    /**
     * Writes what the run is asked for, and under it the provenance of every time that it was started or continued, this one
     * last.
     */
    void writeConfiguration(Configuration configuration, Provenance provenance) {
        ObjectNode json = configuration.toJson();
        ArrayNode starts = json.putArray(PROVENANCE);
        if (Files.exists(config())) {
            readConfiguration().path(PROVENANCE).forEach(starts::add);
        }
        starts.add(Json.tree(provenance));
        WholeFile.write(config(), stream -> stream
                .write(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(json)));
    }

    private void requireWritable(Path existing) {
        if (!Files.isWritable(existing)) {
            throw notWritable(new AccessDeniedException(existing.toString()));
        }
    }

    private BadInputException notWritable(IOException cause) {
        return new BadInputException("cannot write to the run folder " + folder + " (" + AtomicFile.reason(cause)
                + "); choose another one with --run-dir", cause);
    }

    private JsonNode readConfiguration() {
        try {
            return Json.mapper().readTree(config().toFile());
        } catch (IOException e) {
            throw new BadInputException(config() + " cannot be read (" + e.getMessage().lines().findFirst().orElse("")
                    + "); start a new run in another --run-dir", e);
        }
    }
}
