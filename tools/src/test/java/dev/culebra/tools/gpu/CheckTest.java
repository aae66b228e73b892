package dev.culebra.tools.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The script {@code check} in a folder that is no bundle: its Java runs a fake for each class, so that every part ends at once as
 * the test wants it.
 */
class CheckTest {
    private static final List<String> DEFAULT = List.of("doctor", "bench", "lstm", "train", "twin", "start", "tests");
    private static final String A_GPU = "echo 'found    GPU 0    a card'";

    @TempDir
    private Path folder;

    /** What a run of the script left. */
    private record Ended(int code, String output) {
        /** The last table without the seconds. */
        List<String> table() {
            List<String> lines = output.lines().toList();
            int first = IntStream.range(0, lines.size()).filter(i -> lines.get(i).startsWith("commit ")).max()
                    .orElseThrow(() -> new AssertionError(output));
            return lines.subList(first + 1, lines.size()).stream().map(line -> line.replaceAll(" +\\d+ s +\\S+$", ""))
                    .map(line -> line.strip().replaceAll(" +", " ")).toList();
        }
    }

    @BeforeEach
    void makeFolder() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("jre/bin"));
        Files.createDirectories(folder.resolve("data/text"));
        Files.createDirectories(folder.resolve("fakes"));
        Files.createDirectories(folder.resolve("path"));
        Files.createDirectories(folder.resolve("temporary"));
        Files.writeString(folder.resolve("commit"), "abc");
        Files.copy(Requirement.source("gpu/check"), folder.resolve("check"));
        script(bin.resolve("java"), """
                for word in "$@"; do
                  case "$word" in
                    dev.culebra.*|org.junit.platform.*) . "$FAKES/${word##*.}" 2>/dev/null; exit $? ;;
                  esac
                done
                exit 99
                """);
        fake("Main", A_GPU);
        for (String name : List.of("RooflineBenchmark", "LstmAlgorithms", "TrainingCheck", "FirstStepTime",
                "ConsoleLauncher", "Benchmarks")) {
            fake(name, "echo well");
        }
        script(folder.resolve("path/python3"), "exit 0");
        script(folder.resolve("path/nvidia-smi"), "echo a card");
    }

    private void fake(String name, String body) throws IOException {
        Files.writeString(folder.resolve("fakes").resolve(name), body + "\n");
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/bash\n" + body + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private Ended check(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Ended(process.exitValue(), Files.readString(folder.resolve("output")));
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", folder.resolve("check").toString(), "--out",
                folder.resolve("results").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().put("FAKES", folder.resolve("fakes").toString());
        builder.environment().put("TMPDIR", folder.resolve("temporary").toString());
        builder.environment().merge("PATH", folder.resolve("path").toString(), (path, ours) -> ours + ":" + path);
        return builder.start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu/check", "gpu/bundle"})
    void scriptsAreBash(String script) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder("bash", "-n", Requirement.source(script).toString()).inheritIO().start();
        assertEquals(0, bash.waitFor());
    }

    @Test
    void partsThatRunByDefaultPassAndShareNineMinutes() throws Exception {
        Ended ended = check();
        assertEquals(0, ended.code(), ended.output());
        assertEquals(DEFAULT.stream().map(part -> part + " passed").toList(), ended.table());
        int bench = limit(ended, "bench");
        assertTrue(bench > 80 && bench < 100, "its share alone, and what doctor left: " + bench);
        assertTrue(limit(ended, "tests") > 480, "the last has what all others left");
    }

    @Test
    void partsThatAreNamedHaveAllTheTime() throws Exception {
        int alone = limit(check("calls"), "calls");
        assertTrue(alone > 500 && alone < 540, "it alone: " + alone);
        int ofTwo = limit(check("bench", "train"), "bench");
        assertTrue(ofTwo > alone / 3 && ofTwo < alone * 2 / 3, "beside another: " + ofTwo);
        assertTrue(limit(check("--minutes", "2", "study"), "study") < 120);
    }

    private static int limit(Ended ended, String part) {
        return Pattern.compile("^" + part + ": at most (\\d+) s$", Pattern.MULTILINE).matcher(ended.output()).results()
                .mapToInt(match -> Integer.parseInt(match.group(1))).findFirst()
                .orElseThrow(() -> new AssertionError(ended.output()));
    }

    @Test
    void everyEndingIsInTheLastTable() throws Exception {
        fake("RooflineBenchmark", "echo 'missing: exp12 in bf16, operations in bf16'; exit 75");
        fake("LstmAlgorithms", "exit 124");
        fake("TrainingCheck", "echo 'missing: exp1 in bf16'; exit 1");
        script(folder.resolve("path/python3"), "echo 'skipped: python3 has no torch'; exit 77");
        Ended ended = check();
        assertEquals(1, ended.code(), ended.output());
        assertEquals(List.of("doctor passed", "bench PARTIAL", "missing: exp12 in bf16, operations in bf16", "lstm CUT",
                "train FAILED", "missing: exp1 in bf16", "twin skipped", "skipped: python3 has no torch",
                "start passed",
                "tests passed"), ended.table());
        assertTrue(Files.readString(folder.resolve("results/summary.txt")).contains("PARTIAL"));
    }

    @Test
    void someResultsAreNoFailure() throws Exception {
        fake("TrainingCheck", "echo 'missing: exp12 in bf16'; exit 75");
        assertEquals(0, check("train", "study").code());
    }

    @Test
    void doctorFailsWithoutAGpu() throws Exception {
        fake("Main", "echo 'absent   CUDA driver'");
        assertEquals(1, check("doctor").code());
        assertEquals(List.of("doctor FAILED"), check("--small", "doctor").table());
        fake("Main", "echo 'found    stand-in 0   not a GPU'");
        assertEquals(1, check("doctor").code());
        assertEquals(0, check("--small", "doctor").code());
        fake("Main", A_GPU + "; exit 3");
        assertEquals(1, check("doctor").code());
    }

    @Test
    void callsThatCannotBeMeasuredAreSkippedWithTheReason() throws Exception {
        fake("Benchmarks", "echo 'calls: not measured, no libraries'; exit 77");
        Ended ended = check("calls");
        assertEquals(0, ended.code());
        assertEquals("calls skipped", ended.table().getFirst());
        assertTrue(ended.output().contains("calls: not measured, no libraries"), ended.output());
        fake("Benchmarks", "case \"$*\" in *--rounds=3*) exit 77 ;; esac");
        assertEquals(List.of("calls PARTIAL", "missing: device"), check("calls").table());
        fake("Benchmarks", "case \"$*\" in *--rounds=3*) exit 5 ;; *) exit 77 ;; esac");
        assertEquals(1, check("calls").code());
    }

    @Test
    void studyMakesAllTwelveRuns() throws Exception {
        fake("TrainingCheck", "echo \"$@\"");
        assertEquals(0, check("study").code());
        String runs = IntStream.rangeClosed(1, 12).mapToObj(run -> "exp" + run).collect(Collectors.joining(","));
        String command = Files.readString(folder.resolve("results/study.txt"));
        assertTrue(command.contains("--once --runs " + runs + " --precision bf16 --steps 40"), command);
        assertEquals(0, check("--epochs", "10", "study").code());
        command = Files.readString(folder.resolve("results/study.txt"));
        assertTrue(command.contains("--epochs 10") && !command.contains("--steps"), command);
    }

    @Test
    void whatAPartLeavesBehindIsNotAmongTheResults() throws Exception {
        fake("TrainingCheck", "mkdir \"$TMPDIR/left\" && echo \"$@\"; exit 137");
        assertEquals(1, check("train").code());
        try (Stream<Path> results = Files.list(folder.resolve("results"));
                Stream<Path> temporary = Files.list(folder.resolve("temporary"))) {
            assertEquals(List.of("summary.txt", "train.txt"),
                    results.map(file -> file.getFileName().toString()).sorted().toList());
            assertEquals(0, temporary.count());
        }
    }

    @Test
    void whatEndsItEndsThePartThatRuns() throws Exception {
        Path told = folder.resolve("temporary/told");
        fake("RooflineBenchmark", "echo $$ > \"" + told + ".part\" && mv \"" + told + ".part\" \"" + told
                + "\" && exec sleep 600");
        Process check = start("bench", "lstm");
        while (!Files.exists(told) && check.isAlive()) {
            Thread.sleep(20);
        }
        check.destroy();
        assertTrue(check.waitFor(60, TimeUnit.SECONDS));
        assertEquals(130, check.exitValue());
        long part = Long.parseLong(Files.readString(told).strip());
        assertFalse(ProcessHandle.of(part).map(ProcessHandle::isAlive).orElse(false));
        assertFalse(Files.exists(folder.resolve("results/lstm.txt")));
    }

    @Test
    void wrongArgumentsAreToldInOneLine() throws Exception {
        assertEquals(new Ended(2, "check: there is no part or option ''; check --help lists them\n"), check(""));
        assertEquals(new Ended(2, "check: there is no part or option 'benh'; check --help lists them\n"),
                check("bench", "benh"));
        assertEquals(new Ended(2, "check: --minutes wants a number\n"), check("--minutes", "0"));
        assertEquals(new Ended(2, "check: --epochs wants a value\n"), check("--epochs"));
        assertFalse(Files.exists(folder.resolve("results")));
        Ended help = check("--help");
        assertEquals(0, help.code());
        Stream.concat(DEFAULT.stream(), Stream.of("study", "sanitize", "calls"))
                .forEach(part -> assertTrue(help.output().contains("\n  " + part + " "), part));
    }
}
