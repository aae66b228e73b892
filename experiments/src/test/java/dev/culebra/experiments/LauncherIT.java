package dev.culebra.experiments;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import dev.culebra.experiments.launcher.StartUpCache;
import dev.culebra.experiments.report.chart.Drawings;
import dev.culebra.experiments.run.MadeRun;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.testing.MadeLibrary;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The finished jar, as a user starts it. */
class LauncherIT {
    private static final Path JAR = Path.of(System.getProperty("culebra.jar"));
    private static final Path THIS_JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Map<String, String> NAMING_THIS_JAVA = Map.of("CULEBRA_JAVA", System.getProperty("java.home"));
    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"(?:1\\.)?(\\d+)");

    @TempDir
    Path folder;

    private Path jar = JAR;

    private record Outcome(int code, String out, String err) {}

    private Outcome start(Path java, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        return start(java, List.of(), environment, arguments);
    }

    private Outcome start(Path java, List<String> options, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Process process = process(java, options, environment, arguments);
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        return new Outcome(process.exitValue(), Files.readString(folder.resolve("out")),
                Files.readString(folder.resolve("err")));
    }

    private Process process(Path java, List<String> options, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        if (version(java.getParent().getParent()) >= 11) {
            command.add("--enable-preview");
        }
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** A Java from 8 to 24, which this project's classes do not run under. */
    private static Path olderJava() {
        return olderJava(8);
    }

    private static Path olderJava(int least) {
        try (Stream<Path> homes = Files.list(Path.of("/usr/lib/jvm"))) {
            return homes.filter(home -> Files.isExecutable(home.resolve("bin/java")))
                    .filter(home -> version(home) >= least && version(home) <= 24)
                    .map(home -> home.resolve("bin/java")).findFirst().orElseGet(() -> skip(least));
        } catch (IOException e) {
            return skip(least);
        }
    }

    /** 8, 17, 25: the version of the Java in a folder, from the {@code release} file there; 0 if there is none. */
    private static int version(Path home) {
        try {
            Matcher version = VERSION.matcher(Files.readString(home.resolve("release")));
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private static Path skip(int least) {
        Requirement.OLDER_JAVA.missing("no Java from " + least + " to 24 in /usr/lib/jvm");
        throw new AssertionError("unreachable");
    }

    @Test
    void runsUnderThisJavaWithoutWarnings() throws IOException, InterruptedException {
        Outcome outcome = start(THIS_JAVA, Map.of(), "doctor");
        assertEquals(0, outcome.code(), outcome.err());
        assertEquals("", outcome.err());
        assertTrue(outcome.out().contains("found    Java "), outcome.out());
        assertTrue(outcome.out().contains("found    --device cpu"), outcome.out());
    }

    @Test
    void continuesUnderANewerJavaAndPassesTheExitCodeOn() throws IOException, InterruptedException {
        Path older = olderJava();
        Outcome help = start(older, NAMING_THIS_JAVA, "exp3", "--help");
        assertEquals(0, help.code(), help.err());
        assertEquals("", help.err());
        assertTrue(help.out().startsWith("Usage: java -jar experiments.jar exp3"), help.out());
        Outcome wrong = start(older, NAMING_THIS_JAVA, "exp33");
        assertEquals(2, wrong.code());
        assertTrue(wrong.err().startsWith("error: Unmatched argument at index 0: 'exp33'"), wrong.err());
    }

    @Test
    void passesItsJavaOptionsOnToTheNewerJava() throws IOException, InterruptedException {
        Path older = olderJava();
        Outcome without = start(older, NAMING_THIS_JAVA, "doctor");
        assertEquals(0, without.code(), without.err());
        assertTrue(without.out().contains("found    oneDNN "), without.out());
        Outcome with = start(older, List.of("-Dculebra.onednn.path=" + folder.resolve("missing")), NAMING_THIS_JAVA,
                "doctor");
        assertEquals(0, with.code(), with.err());
        assertTrue(with.out().contains("MISSING  oneDNN "), with.out());
    }

    @Test
    void theNewerJavaUsesTheCacheOfTheBuild() throws IOException, InterruptedException {
        builtCache();
        assertTrue(classesFromCache() > 100);
    }

    @Test
    void anotherCacheThatIsAskedForIsNotDisputed() throws IOException, InterruptedException {
        builtCache();
        assertEquals(0, classesFromCache("-Xshare:auto"));
    }

    @Test
    void aCacheThatDoesNotFitIsLeftAsideWithoutAWord() throws IOException, InterruptedException {
        Path built = builtCache();
        jar = Files.copy(JAR, folder.resolve("copy.jar"));
        assertTrue(Files.getLastModifiedTime(jar).compareTo(Files.getLastModifiedTime(JAR)) > 0);
        Path cache = Files.copy(built, cacheOf(jar));
        assertEquals(0, classesFromCache());
        Files.writeString(cache, "no cache");
        assertEquals(0, classesFromCache());
    }

    /** How many of its classes the help, started by an older Java, takes from a cache. */
    private long classesFromCache(String... options) throws IOException, InterruptedException {
        Path folderOfLogs = Files.createTempDirectory(folder, "logs");
        List<String> all = new ArrayList<>(List.of(options));
        all.add("-Xlog:class+load:file=" + folderOfLogs.resolve("%p"));
        Outcome help = start(olderJava(9), all, NAMING_THIS_JAVA, "--help");
        assertEquals(0, help.code(), help.err());
        assertEquals("", help.err());
        assertTrue(help.out().startsWith("Usage: "), help.out());
        try (Stream<Path> logs = Files.list(folderOfLogs)) {
            return logs.flatMap(LauncherIT::lines).filter(
                    line -> line.contains("dev.culebra.") && line.contains("shared objects file")).count();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path cacheOf(Path jar) {
        return StartUpCache.file(jar.toString(), System.getProperty("java.version")).toPath();
    }

    private static Path builtCache() {
        Path cache = cacheOf(JAR);
        if (!Files.exists(cache)) {
            Requirement.CPU.missing("the build made no start-up cache: start-up-cache.log beside the jar says why");
        }
        return cache;
    }

    @Test
    void aReaderThatHasEnoughEndsItWithoutAWord() throws IOException, InterruptedException {
        Process piped = new ProcessBuilder("sh", "-c", THIS_JAVA + " -jar " + JAR + " doctor --verbose; echo $? >&2")
                .redirectError(folder.resolve("err").toFile()).start();
        piped.getInputStream().close();
        assertTrue(piped.waitFor(120, TimeUnit.SECONDS));
        assertEquals("0\n", Files.readString(folder.resolve("err")));
    }

    @Test
    void aFullDiskIsTold() throws IOException, InterruptedException {
        Path full = Path.of("/dev/full");
        if (!Files.exists(full)) {
            Requirement.SMALL_DISK.missing("there is no /dev/full");
        }
        Process process = new ProcessBuilder(THIS_JAVA.toString(), "-jar", JAR.toString(), "doctor")
                .redirectOutput(full.toFile()).redirectError(folder.resolve("err").toFile()).start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        assertEquals(1, process.exitValue());
        assertEquals("error: standard output could not be written (No space left on device)\n",
                Files.readString(folder.resolve("err")));
    }

    @Test
    void aLibraryOfAnotherVersionIsToldWithBothVersions() throws IOException, InterruptedException {
        Path nccl = MadeLibrary.compile(folder.resolve("nccl/libnccl.so.2"),
                "int ncclGetVersion(int *version) { *version = 22105; return 0; }");
        Outcome outcome = start(THIS_JAVA, Map.of("CULEBRA_NCCL_PATH", nccl.getParent().toString()), "doctor");
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.out().matches("(?s).*found    NCCL +2\\.21\\.5 \\(headers 2\\.30\\.\\d+\\) in " + nccl
                + ", named by CULEBRA_NCCL_PATH\\R +but the bindings are made for version 2\\.30\\.\\d+: what came after "
                + "2\\.21\\.5 is missing\\R.*"), outcome.out());
    }

    @Test
    void saysWhatIsNeededIfThereIsNoNewerJava() throws IOException, InterruptedException {
        Outcome outcome = start(olderJava(), Map.of("CULEBRA_JAVA", folder.toString()), "--help");
        assertEquals(1, outcome.code());
        assertTrue(
                outcome.err().matches("error: Java 25 or newer is needed; this is .*, and CULEBRA_JAVA=.* is no such "
                        + "Java; correct or unset it\\R"),
                outcome.err());
        assertEquals("", outcome.out());
    }

    @Test
    void anEndedLauncherEndsItsRunInOrder() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        Process process = running(run);
        process.destroy();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        String err = Files.readString(folder.resolve("err"));
        assertEquals(130, process.exitValue(), err);
        assertTrue(err.startsWith("interrupted after step "), err);
        assertTrue(Files.exists(run.resolve("last.safetensors")));
    }

    /** Killed, it can tell nobody: the run sees that it is gone. */
    @Test
    void aKilledLauncherEndsItsRunInOrder() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        Process process = running(run);
        ProcessHandle program = process.children().findAny().orElseThrow();
        process.destroyForcibly();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (program.isAlive() && System.nanoTime() < deadline) {
            Thread.sleep(100);
        }
        assertFalse(program.isAlive());
        String err = Files.readString(folder.resolve("err"));
        assertTrue(err.startsWith("interrupted after step "), err);
        assertTrue(Files.exists(run.resolve("last.safetensors")));
    }

    /** A run that would take long, started by an older Java, which has made its second step. */
    private Process running(Path run) throws IOException, InterruptedException {
        Process process = process(olderJava(), List.of(), NAMING_THIS_JAVA, "exp3", "--device",
                "reference", "--embedding-width", "8", "--hidden-size", "4", "--sequence-length", "32", "--run-dir",
                run.toString());
        Path metrics = run.resolve("metrics.jsonl");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline
                && !(Files.exists(metrics) && Files.readString(metrics).contains("\"step\":2,"))) {
            Thread.sleep(100);
        }
        return process;
    }

    @Test
    void drawsAReport() throws IOException, InterruptedException {
        try {
            new Drawings();
        } catch (RuntimeException | LinkageError e) {
            Requirement.FONTS.missing(String.valueOf(e.getMessage()));
        }
        MadeRun.of(Configuration.of(Experiment.EXP1), 10, new double[] {300, 200}, new double[] {250, 190})
                .writeTo(folder.resolve("runs/exp1"));
        Outcome outcome = start(THIS_JAVA, Map.of(), "report", folder.resolve("runs").toString(), "--out",
                folder.resolve("report").toString());
        assertEquals(0, outcome.code(), outcome.err());
        assertEquals("", outcome.err());
        assertTrue(Files.readString(folder.resolve("report/report.html")).contains("</svg>"));
        assertTrue(Files.size(folder.resolve("report/figures/curves-epochs-lstm.png")) > 1000);
    }

    @Test
    void theJarHoldsTheLicencesItIsUnder() throws IOException {
        try (ZipFile jar = new ZipFile(JAR.toFile())) {
            assertTrue(text(jar, "META-INF/LICENSE").contains("Apache License"));
            String lesser = text(jar, "META-INF/licenses/LGPL-2.1.txt");
            assertTrue(lesser.contains("GNU LESSER GENERAL PUBLIC LICENSE"), lesser);
            assertTrue(lesser.contains("END OF TERMS AND CONDITIONS"), lesser);
            assertTrue(text(jar, "META-INF/licenses/README.md").contains("**JFreeChart**"));
            assertTrue(text(jar, "META-INF/licenses/BSD-3-Clause.txt").contains("Protocol Buffers"));
            assertTrue(text(jar, "META-INF/licenses/MIT.txt").contains("SLF4J"));
            assertTrue(text(jar, "META-INF/NOTICE").contains("in this case for Culebra"));
        }
    }

    private static String text(ZipFile jar, String entry) throws IOException {
        try (InputStream stream = jar.getInputStream(jar.getEntry(entry))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theJarHoldsWhatItNeedsAndNoMore() throws IOException {
        try (ZipFile jar = new ZipFile(JAR.toFile())) {
            List<String> natives = jar.stream().map(ZipEntry::getName)
                    .filter(name -> name.startsWith("org/bytedeco/") && !name.endsWith("/")).toList();
            assertTrue(natives.stream().anyMatch(name -> name.contains("dnnl")), natives.toString());
            assertFalse(natives.stream().anyMatch(name -> name.matches(".*(jnidnnl|include|cmake|\\.class).*")),
                    natives.toString());
            assertFalse(jar.stream().anyMatch(entry -> entry.getName().endsWith("module-info.class")));
        }
    }
}
