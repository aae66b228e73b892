package dev.culebra.tools.benchmarks;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.culebra.tools.benchmarks.calls.JniLibraries;
import dev.culebra.tools.benchmarks.startup.FirstCall;
import dev.culebra.tools.benchmarks.startup.Library;

/**
 * What the first call of a library costs, and of all libraries one after the other: fresh JVMs, each timed from the start of
 * {@code main} to the last answer. The files are in the machine's cache and the glue of JNI is unpacked: a first start, which
 * is not timed, sees to both.
 */
public final class StartUpCosts {
    /** The bindings, which look for the libraries on the machine. */
    static final String OURS = "ours";
    /** The bindings, when the dynamic linker knows the libraries' folders. */
    static final String OURS_BY_LINKER = "ours by linker";
    /** The presets of org.bytedeco:cuda, which need the dynamic linker to know the folders. */
    static final String JNI = "jni";
    private static final String LINKER_PATH = "LD_LIBRARY_PATH";
    private static final Pattern ANSWER = Pattern.compile("nanoseconds (\\d+)((?: \\d+)+)");
    private static final RatioTable TABLE = new RatioTable("first call of", OURS, List.of(JNI, OURS_BY_LINKER), "ms",
            1e6);

    /**
     * What one start told.
     *
     * @param nanoseconds from the start of {@code main} to the last answer
     * @param versions the answers
     */
    public record Start(long nanoseconds, String versions) {}

    private StartUpCosts() {}

    /** Measures, and tells the progress. */
    static String measure(Settings settings, String command, Consumer<String> progress) {
        Map<String, List<Library>> rows = new LinkedHashMap<>();
        Stream.of(Library.values()).forEach(library -> rows.put(library.title(), List.of(library)));
        rows.put("all four of NVIDIA", Library.NVIDIA);
        Measurements measurements = new Measurements();
        for (int round = 0; round <= settings.starts(); round++) {
            progress.accept("start-up: round " + round + " of " + settings.starts());
            for (Map.Entry<String, List<Library>> row : rows.entrySet()) {
                for (String way : List.of(OURS, JNI, OURS_BY_LINKER)) {
                    Start start = start(way, row.getValue());
                    if (round > 0) {
                        measurements.add(row.getKey(), way, start.nanoseconds());
                    }
                }
            }
        }
        return Circumstances.line(settings.starts() + " starts in each way; `" + command + "`") + "\n\n"
                + TABLE.markdown(measurements);
    }

    /** Starts one JVM. */
    public static Start start(String way, List<Library> libraries) {
        List<String> command = Subprocess.java(List.of(), FirstCall.class, way.equals(JNI) ? JNI : OURS);
        libraries.forEach(library -> command.add(library.name()));
        String output = Subprocess.run(command, Map.of(LINKER_PATH, way.equals(OURS) ? "" : linkerPath())).success();
        return parse(output);
    }

    /** Reads what a {@link FirstCall} prints. */
    static Start parse(String output) {
        Matcher answer = ANSWER.matcher(output);
        if (!answer.find()) {
            throw new IllegalStateException("no answer in: " + output);
        }
        return new Start(Long.parseLong(answer.group(1)), answer.group(2).strip());
    }

    private static String linkerPath() {
        Stream<Path> driver = DriverStub.isNeeded() ? Stream.of(DriverStub.file().getParent()) : Stream.of();
        return Stream.concat(JniLibraries.folders().stream(), driver).map(Path::toString)
                .collect(Collectors.joining(":"));
    }
}
