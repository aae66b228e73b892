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

import dev.culebra.runtime.machine.DriverReport;
import dev.culebra.runtime.machine.LibraryReport;
import dev.culebra.tools.benchmarks.study.Gpu;

/** What the numbers depend on. */
public final class Circumstances {
    private Circumstances() {}

    /**
     * Machine, versions, those of NVIDIA's libraries and their JNI among them, and date, in one line.
     *
     * @param further what else there is to say, such as how long was measured
     */
    static String line(String further) {
        return line(machine(), nvidia() + "; org.bytedeco:cuda " + jarVersion("cuda"), further);
    }

    /**
     * The same of another machine with other versions.
     *
     * @param machine its name
     * @param versions of what was measured
     */
    public static String line(String machine, String versions, String further) {
        return "On " + machine + "; " + System.getProperty("os.name") + "; Java " + Runtime.version() + "; "
                + versions
                + "; JMH " + jarVersion("jmh-core") + "; " + LocalDate.now(ZoneOffset.UTC) + "; " + further + ".";
    }

    /** What a device computes with: of a GPU the driver and NVIDIA's libraries, else oneDNN, with their versions. */
    public static String libraries(String device) {
        return Gpu.is(device)
                ? "driver " + DriverReport.examine().driverVersion().orElse("of unknown version") + ", " + nvidia()
                : versions(List.of(LibraryReport.ofOneDnn()));
    }

    /** NVIDIA's libraries that are here, with their versions. */
    public static String nvidia() {
        return versions(LibraryReport.ofNvidia());
    }

    private static String versions(List<LibraryReport> libraries) {
        return libraries.stream()
                .flatMap(library -> library.outcome() instanceof LibraryReport.Found found
                        ? Stream.of(library.name() + found.version().map(version -> " " + version).orElse(""))
                        : Stream.of())
                .collect(Collectors.joining(", "));
    }

    /** The name of this machine: that of its processor, and how many there are. */
    public static String machine() {
        return processor() + ", " + Runtime.getRuntime().availableProcessors() + " processors";
    }

    /** The same for work on one of its devices: a GPU's name comes first. */
    public static String machine(String device) {
        return Gpu.is(device) ? Gpu.report(device).orElseThrow().name() + " beside " + machine() : machine();
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
