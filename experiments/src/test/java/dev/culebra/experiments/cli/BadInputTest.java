package dev.culebra.experiments.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.culebra.experiments.data.NpyType;
import dev.culebra.experiments.data.NpzWriter;
import dev.culebra.experiments.report.runs.RecordedRun;
import dev.culebra.experiments.report.runs.RunFolders;
import dev.culebra.experiments.run.Event;
import dev.culebra.experiments.run.SmallText;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever is handed in: one clear line, the right exit code, nothing half-written. */
class BadInputTest {
    @TempDir
    Path folder;
    private Path data;
    private Path run;

    @BeforeEach
    void writeText() throws IOException {
        data = SmallText.in(Files.createDirectory(folder.resolve("data")));
        run = folder.resolve("run");
    }

    private Program run(String words) {
        return Program.run(SmallText.run(words), "--data", data, "--run-dir", run);
    }

    private void assertNothingWritten() {
        assertFalse(Files.exists(run));
    }

    @Test
    void aMissingFolderOrSplit() throws IOException {
        Program.run("exp1 --data", folder.resolve("none")).assertFails(2, "the data folder " + folder.resolve("none")
                + " does not exist; check --data, or leave it out to use the corpus that ships with the program");
        Files.delete(data.resolve("wiki.validation.npz"));
        run("exp1").assertFails(2, data.resolve("wiki.validation.npz") + " does not exist; check the path");
        assertNothingWritten();
    }

    @Test
    void aTruncatedSplit() throws IOException {
        Path file = data.resolve("wiki.train.npz");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        run("exp1").assertFails(2, file + " is damaged or no .npz archive (zip END header not found); copy or make it "
                + "again");
        assertNothingWritten();
    }

    @Test
    void wrongTypesAndMissingArrays() {
        new NpzWriter().add("tokens", NpyType.FLOAT32, new float[] {1, 2}).add("sizes", NpyType.INT64, new int[] {2})
                .writeTo(data.resolve("wiki.train.npz"));
        run("exp1").assertFails(2, data.resolve("wiki.train.npz") + ": array 'tokens' holds float32 numbers where "
                + "integers are needed; save array.astype('int32') instead");
        new NpzWriter().add("ids", NpyType.INT32, new int[] {1, 2}).writeTo(data.resolve("wiki.train.npz"));
        run("exp1").assertFails(2, data.resolve("wiki.train.npz") + ": array 'tokens' is missing (found: ids); save it "
                + "with numpy.savez(file, tokens=...)");
    }

    @Test
    void tokensOutsideTheVocabulary() throws IOException {
        Program program = run("exp1 --vocabulary-size 10");
        assertEquals(2, program.code());
        assertTrue(program.err().matches("error: .*wiki\\.train\\.npz: token id 10 at index \\d+ is outside the "
                + "vocabulary of 10 \\(ids 0 to 9\\); use the embeddings, checkpoint or --vocabulary-size that belongs to "
                + "this data\\R"), program.err());
        assertNothingWritten();
    }

    @Test
    void embeddingsOfAnotherWidthOrHeight() {
        Path file = folder.resolve("other.npz");
        new NpzWriter().add("tokens", NpyType.FLOAT32, new float[11 * 6], 11, 6)
                .add("position", NpyType.FLOAT32, new float[7 * 12], 7, 12).writeTo(file);
        run("exp1 --embeddings " + file).assertFails(2,
                file + ": array 'tokens' has rows of 6 numbers, but the model's "
                        + "embedding width is 12; use --embedding-width 6 or other embeddings");
        run("exp1 --vocabulary-size 12 --embeddings " + file).assertFails(2, file + ": array 'tokens' has 11 rows, but "
                + "--vocabulary-size 12 is asked for; leave the option out, or use other embeddings");
        new NpzWriter().add("tokens", NpyType.FLOAT32, new float[11 * 12], 11, 12)
                .add("position", NpyType.FLOAT32, new float[7 * 12], 7, 12).writeTo(file);
        run("exp5 --embeddings " + file).assertFails(2,
                file + ": array 'position' has 7 rows, too few for sequences of "
                        + "8 tokens; use a smaller --sequence-length or other embeddings");
    }

    @Test
    void impossibleSizes() throws IOException {
        run("exp5 --heads 5").assertFails(2, "--heads 5 do not divide the embedding width 12; choose --heads and "
                + "--embedding-width so that they do");
        run("exp5 --embedding-width 600000000").assertFails(2,
                "--embedding-width 600000000 is too large: gpt1's MLP is "
                        + "4 times as wide; choose a smaller one");
        run("exp1 --batch-size 10000000").assertFails(2,
                "--batch-size 10000000 times --sequence-length 8 is more than a "
                        + "batch can hold; choose smaller ones");
        for (String sizes : List.of("exp1 --vocabulary-size 2000000000", "exp5 --layers 100000000",
                "exp5 --layers 10000 --batch-size 2000000")) {
            Program program = run(sizes);
            assertEquals(2, program.code());
            assertTrue(
                    program.err().matches("error: a model of [\\d,]+ parameters with batches of [\\d,]+ tokens needs "
                            + "[\\d,]+ GiB at the least, and this machine has [\\d,]+; choose smaller sizes\\R"),
                    program.err());
        }
        run("exp1 --schedule linear --warmup-steps 14").assertFails(2, "--warmup-steps 14 leaves none of the run's 14 "
                + "steps for the linear schedule; choose a shorter warm-up or a longer run");
        assertNothingWritten();
    }

    @Test
    void unknownDevices() {
        Program program = run("exp1 --device tpu");
        assertEquals(2, program.code());
        assertTrue(program.err().startsWith("error: there is no device tpu; there are auto, "), program.err());
        assertNothingWritten();
    }

    @Test
    void optionsOfNoEffect() {
        run("exp1 --heads 3").assertFails(2,
                "--heads has no effect on a run of lstm with adam, only with --model gpt1; "
                        + "leave it out");
        run("train --model lstm --gelu tanh").assertFails(2, "--gelu has no effect on a run of lstm with adam, only "
                + "with --model gpt1; leave it out");
        run("exp3 --betas 0.8,0.9").assertFails(2, "--betas has no effect on a run of lstm with sgd, only with "
                + "--optimizer adam or adamw; leave it out");
        run("exp5 --momentum 0.5").assertFails(2, "--momentum has no effect on a run of gpt1 with adam, only with "
                + "--optimizer momentum; leave it out");
        assertNothingWritten();
    }

    @Test
    void checkpointsOfAnotherArchitecture() throws IOException {
        run("exp9 --hidden-size 8").assertDone();
        Path lstm = run.resolve("last.safetensors");
        Path elsewhere = folder.resolve("elsewhere");
        Program.run("exp5 --init-from", lstm, "--data", data, "--run-dir", elsewhere, "--device", "reference")
                .assertFails(2, lstm + " holds a model of kind lstm, but this run trains gpt1; name another file, or "
                        + "choose a run of that model");
        Program.run("exp1 --init-from", lstm, "--data", data, "--run-dir", elsewhere, "--device", "reference")
                .assertFails(2,
                        lstm + " holds a model with --layers 2, but --layers 1 is asked for; give --layers 2 or "
                                + "another file");
        byte[] bytes = Files.readAllBytes(lstm);
        Path cut = Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(bytes, bytes.length - 1));
        Program program = Program.run("evaluate --device reference --checkpoint", cut, "--data", data);
        assertEquals(2, program.code());
        assertTrue(program.err().startsWith("error: " + cut + ": ") && program.err().lines().count() == 1,
                program.err());
        Program missing = Program.run("evaluate --device reference --checkpoint", folder.resolve("no.safetensors"));
        assertEquals(2, missing.code());
        assertTrue(missing.err().contains(folder.resolve("no.safetensors").toString()), missing.err());
    }

    @Test
    void checkpointsWithMissingTensors() throws IOException {
        run("exp1 --hidden-size 8").assertDone();
        byte[] bytes = Files.readAllBytes(run.resolve("last.safetensors"));
        String latin = new String(bytes, StandardCharsets.ISO_8859_1)
                .replace("\"classifier.0.bias\"", "\"classifier.0.b1as\"");
        Path file = Files.write(folder.resolve("renamed.safetensors"),
                latin.getBytes(StandardCharsets.ISO_8859_1));
        Program.run("evaluate --device reference --checkpoint", file, "--data", data).assertFails(2, file + ": its "
                + "tensors are not those of this model; missing: classifier.0.bias; extra: classifier.0.b1as; name "
                + "another checkpoint");
    }

    @Test
    void anExplodingLossStopsTheRun() throws IOException {
        Program program = run("exp3 --hidden-size 8 --lr 1e300");
        assertEquals(1, program.code());
        assertTrue(program.err()
                .matches("error: the loss is (NaN|Infinity) at step \\d+ \\(epoch 1\\); the last good loss "
                        + "was [\\d.]+ at step \\d+\\. Try a lower --lr, --warmup-steps 100, --clip-norm 1, or --precision "
                        + "fp32\\R"),
                program.err());
        assertFalse(Files.exists(run.resolve("last.safetensors")));
        assertRecordedAsDiverged(program);
    }

    /** Unlike a run that was interrupted. */
    private void assertRecordedAsDiverged(Program program) {
        RecordedRun recorded = RunFolders.read(run).runs().getFirst();
        assertEquals(RecordedRun.State.DIVERGED, recorded.state());
        Event.Failure failure = (Event.Failure) recorded.events().getLast();
        assertEquals("error: " + failure.reason(), program.err().strip());
        assertTrue(failure.diverged());
        assertTrue(failure.reason().contains(" at step " + failure.step() + ". Try "), failure.reason());
    }

    @Test
    void anExplosionInTheLastUpdateOfAnEpochStopsTheRunToo() throws IOException {
        Program program = run("exp3 --hidden-size 8 --lr 1e300 --batch-size 26 --epochs 1");
        assertEquals(1, program.code(), program.out());
        assertTrue(program.err()
                .matches(
                        "error: the validation loss is (NaN|Infinity) after step 1 \\(epoch 1\\); the last good loss was "
                                + "[\\d.]+ at step 1\\. Try a lower --lr, .*\\R"),
                program.err());
        assertFalse(Files.exists(run.resolve("last.safetensors")));
        assertRecordedAsDiverged(program);
        assertFalse(Files.readString(run.resolve("metrics.jsonl")).contains("\"NaN\""));
    }

    @Test
    void anExplosionInTheLastUpdateOfARunCutShortStopsItToo() throws IOException {
        Program program = run("exp3 --hidden-size 8 --lr 1e300 --max-steps 1");
        assertEquals(1, program.code(), program.out());
        assertTrue(program.err()
                .matches("error: weights are no finite numbers after step 1 \\(epoch 1\\); the last good loss was "
                        + "[\\d.]+ at step 1\\. Try a lower --lr, .*\\R"),
                program.err());
        assertFalse(Files.exists(run.resolve("last.safetensors")));
        assertRecordedAsDiverged(program);
    }

    @Test
    void anExplosionIsNeverCheckpointed() throws IOException {
        Program program = run("exp3 --hidden-size 8 --lr 1e300 --checkpoint-every 1");
        assertEquals(1, program.code(), program.out());
        assertTrue(program.err().startsWith("error: weights are no finite numbers after step 1 (epoch 1); "),
                program.err());
        assertFalse(Files.exists(run.resolve("last.safetensors")));
    }

    @Test
    void theFirstEpochIsKeptAsTheBestHoweverBadItIs() throws IOException {
        run("exp7 --lr 1e4 --batch-size 26 --epochs 1").assertDone();
        assertTrue(Files.readString(run.resolve("metrics.jsonl")).contains("\"perplexity\":\"Infinity\""));
        assertTrue(Files.exists(run.resolve("best.safetensors")));
    }

    @Test
    void aRunFolderThatIsNoFolder() throws IOException {
        run = Files.writeString(folder.resolve("file"), "").resolve("run");
        Program program = run("exp1 --hidden-size 8");
        assertEquals(2, program.code());
        assertTrue(program.err().startsWith("error: cannot write to the run folder " + run + " ("), program.err());
        assertTrue(program.err().strip().endsWith("); choose another one with --run-dir"), program.err());
    }

    @Test
    void aFullDisk() throws IOException, InterruptedException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        if (!succeeds("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk.toString())) {
            Requirement.SMALL_DISK.missing("no small file system can be mounted here");
        }
        try {
            run = disk.resolve("run");
            Program program = run("exp1 --hidden-size 8");
            assertEquals(1, program.code());
            assertTrue(program.err().startsWith("error: cannot write " + run) && program.err().contains("No space left")
                    && program.err().contains("--resume") && program.err().lines().count() == 1, program.err());
            try (var files = Files.list(run)) {
                assertEquals(List.of("config.json", "events.out.tfevents", "metrics.jsonl"),
                        files.map(file -> file.getFileName().toString())
                                .map(name -> name.replaceFirst("tfevents.*", "tfevents")).sorted().toList());
            }
            assertTrue(Files.readString(run.resolve("metrics.jsonl")).endsWith("}\n"));
        } finally {
            succeeds("umount", disk.toString());
        }
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
