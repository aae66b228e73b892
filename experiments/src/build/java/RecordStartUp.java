import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A step of the build: runs the program once, on tiny models of both kinds, and keeps what the JVM loaded and linked on the way as
 * an ahead-of-time cache (JEP 514) beside the jar. Where that cannot be, the build goes on without, and says so. The argument is
 * the jar. The cache is named after the jar and the version of this Java, which alone takes it: {@code experiments-25.0.3.aot}.
 */
public final class RecordStartUp {
    private static final List<String> RUNS = List.of("all", "--only", "1,5", "--device", "cpu", "--no-report",
            "--max-steps", "2",
            "--embedding-width", "24", "--sequence-length", "16", "--batch-size", "2");
    private static final long SECONDS = 120;

    private RecordStartUp() {}

    /** Makes the cache, in place of older ones. */
    public static void main(String[] arguments) throws InterruptedException {
        String failure;
        try {
            failure = make(Path.of(arguments[0]));
        } catch (IOException exception) {
            failure = exception.toString();
        }
        if (!failure.isEmpty()) {
            System.out.println("No start-up cache was made, so the program starts more slowly: " + failure);
        }
    }

    /** Returns why there is no cache, or nothing. */
    private static String make(Path jar) throws IOException, InterruptedException {
        String name = jar.getFileName().toString().replaceFirst("\\.jar$", "-");
        Path log = jar.resolveSibling("start-up-cache.log");
        for (Path old : children(jar.getParent())) {
            if (old.getFileName().toString().matches(name + ".*\\.aot")) {
                Files.delete(old);
            }
        }
        Path folder = Files.createTempDirectory(jar.getParent(), "start-up-cache");
        try {
            Path cache = folder.resolve("program.aot");
            String failure = record(jar, cache, folder.resolve("runs"), log);
            if (!failure.isEmpty()) {
                return failure + "; see " + log;
            }
            // Where it is looked for, it is always whole.
            Files.move(cache, jar.resolveSibling(name + System.getProperty("java.version") + ".aot"),
                    StandardCopyOption.REPLACE_EXISTING);
            return "";
        } finally {
            delete(folder);
        }
    }

    /** Returns why there is no cache, or nothing. */
    private static String record(Path jar, Path cache, Path runs, Path log) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:AOTCacheOutput=" + cache, "-Xlog:aot*=error,cds*=error",
                        "--enable-native-access=ALL-UNNAMED", "-cp",
                        jar.toString(), "dev.culebra.experiments.Main"));
        command.addAll(RUNS);
        command.addAll(List.of("--run-dir", runs.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            // It leaves the making of the cache to a process of its own.
            List<ProcessHandle> all = process.descendants().toList();
            process.destroyForcibly().waitFor();
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(child -> child.onExit().join());
            return "the program took over " + SECONDS + " seconds";
        }
        if (process.exitValue() != 0) {
            return "the program ended with " + process.exitValue();
        }
        return Files.exists(cache) ? "" : "this Java keeps none";
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
