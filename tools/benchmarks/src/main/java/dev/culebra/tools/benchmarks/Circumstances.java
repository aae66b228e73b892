package dev.culebra.tools.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.culebra.runtime.machine.LibraryReport;

/** What the numbers depend on. */
final class Circumstances {
    private Circumstances() {}

    /**
     * Machine, versions and date, in one line.
     *
     * @param further what else there is to say, such as how long was measured
     */
    static String line(String further) {
        String libraries = LibraryReport.ofNvidia().stream()
                .flatMap(library -> library.outcome() instanceof LibraryReport.Found found
                        ? Stream.of(library.name() + found.version().map(version -> " " + version).orElse(""))
                        : Stream.of())
                .collect(Collectors.joining(", "));
        return "On " + processor() + ", " + Runtime.getRuntime().availableProcessors() + " processors; "
                + System.getProperty("os.name") + "; Java " + Runtime.version() + "; " + libraries
                + "; org.bytedeco:cuda "
                + jarVersion("cuda") + "; JMH " + jarVersion("jmh-core") + "; " + LocalDate.now(ZoneOffset.UTC) + "; "
                + further + ".";
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")).map(line -> line.replaceFirst(".*: *", ""))
                    .findFirst().orElse(System.getProperty("os.arch"));
        } catch (IOException notLinux) {
            return System.getProperty("os.arch");
        }
    }

    private static String jarVersion(String artifact) {
        return version(artifact, System.getProperty("java.class.path").split(File.pathSeparator));
    }

    /** The version in the name of an artifact's jar, one without classifier. */
    static String version(String artifact, String... classPath) {
        Pattern name = Pattern.compile(Pattern.quote(artifact) + "-(\\d[\\d.-]*)\\.jar");
        return Stream.of(classPath).map(entry -> name.matcher(Path.of(entry).getFileName().toString()))
                .filter(Matcher::matches).map(jar -> jar.group(1)).findFirst().orElse("of unknown version");
    }
}
