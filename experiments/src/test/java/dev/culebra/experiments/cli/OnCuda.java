package dev.culebra.experiments.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import dev.culebra.experiments.run.SmallText;
import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whole runs on a GPU or on what stands in for one, each of which frees everything that it had of the device. */
abstract class OnCuda {
    @TempDir
    Path folder;
    private Path data;
    private Map<String, Long> live;

    @BeforeAll
    static void activate() {
        StandIn.activate();
    }

    @BeforeEach
    void writeText() throws IOException {
        data = SmallText.in(Files.createDirectory(folder.resolve("data")));
    }

    @BeforeEach
    void forgiveWhatIsLive() {
        live = StandIn.liveObjectsByKind();
    }

    @AfterEach
    void everythingIsFreed() {
        StandIn.failNone();
        assertEquals(live, StandIn.liveObjectsByKind(), "what was not freed");
    }

    /** How many objects of the device were not freed before, because a test made that fail. */
    long live() {
        return live.values().stream().mapToLong(Long::longValue).sum();
    }

    /** A run on {@code cuda}, or on another device that {@code words} name, in a folder of its own. */
    Program run(String words, String directory) {
        String device = words.contains("--device ") ? "" : " --device cuda";
        return Program.run(SmallText.run(words + device), "--data", data, "--run-dir", folder.resolve(directory));
    }

    /** Continues a text with the last checkpoint of a run, past the positions of a GPT. */
    Program generate(String device, String directory) {
        return Program.run("generate --prompt-ids 3,4 --temperature 0 --max-tokens 20 --json --device " + device,
                "--checkpoint", folder.resolve(directory).resolve("last.safetensors")).assertDone();
    }

    /** Measures the last checkpoint of a run. */
    Program evaluate(String device, String directory) {
        return Program.run("evaluate --sequence-length 8 --batch-size 4 --json --device " + device, "--checkpoint",
                folder.resolve(directory).resolve("last.safetensors"), "--data", data).assertDone();
    }
}
