package dev.culebra.tools.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.culebra.runtime.machine.LibraryReport;

/** What the numbers depend on. */
public final class Circumstances {
    private Circumstances() {}

    /**
     * Machine, versions, those of NVIDIA's libraries and their JNI among them, and date, in one line.
     *
     * @param further what else there is to say, such as how long was measured
     */
    static String line(String further) {
        return line(nvidia() + "; org.bytedeco:cuda " + jarVersion("cuda"), further);
    }

    /**
     * The same with other versions.
     *
     * @param versions of what was measured
     */
    public static String line(String versions, String further) {
        return "On " + machine() + "; " + System.getProperty("os.name") + "; Java " + Runtime.version() + "; "
                + versions
                + "; JMH " + jarVersion("jmh-core") + "; " + LocalDate.now(ZoneOffset.UTC) + "; " + further + ".";
    }

    /** NVIDIA's libraries that are here, with their versions. */
    public static String nvidia() {
        return versions(LibraryReport.ofNvidia());
    }

    /** The library of the backend {@code cpu}, with its version. */
    public static String onednn() {
        return versions(List.of(LibraryReport.ofOneDnn()));
    }

    private static String versions(List<LibraryReport> libraries) {
        return libraries.stream()
                .flatMap(library -> library.outcome() instanceof LibraryReport.Found found
                        ? Stream.of(library.name() + found.version().map(version -> " " + version).orElse(""))
                        : Stream.of())
                .collect(Collectors.joining(", "));
    }

    /** Its name: that of its processor, and how many there are. */
    public static String machine() {
        return processor() + ", " + Runtime.getRuntime().availableProcessors() + " processors";
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")).map(line -> line.replaceFirst(".*: *", ""))
                    .findFirst().orElse(System.getProperty("os.arch"));
        } catch (IOException notLinux) {
            return System.getProperty("os.arch");
        }
    }

    /** The version of an artifact on the class path. */
    public static String jarVersion(String artifact) {
        return version(artifact, System.getProperty("java.class.path").split(File.pathSeparator));
    }

    /** The version in the name of an artifact's jar, one without classifier. */
    static String version(String artifact, String... classPath) {
        Pattern name = Pattern.compile(Pattern.quote(artifact) + "-(\\d[\\d.-]*)\\.jar");
        return Stream.of(classPath).map(entry -> name.matcher(Path.of(entry).getFileName().toString()))
                .filter(Matcher::matches).map(jar -> jar.group(1)).findFirst().orElse("of unknown version");
    }
}
