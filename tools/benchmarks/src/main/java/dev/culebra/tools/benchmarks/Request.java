package dev.culebra.tools.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

import dev.culebra.tools.benchmarks.study.Gpu;

/**
 * What was asked for.
 *
 * @param parts to be measured
 * @param settings how long to measure
 * @param rounds how often, if other than usual
 * @param outcome what to do with the results
 * @param device where the study computes, {@code cpu} or {@code cuda:N}
 * @param folders where files are
 */
record Request(List<Part> parts, Settings settings, OptionalInt rounds, Outcome outcome, String device,
        Folders folders) {
    private static final String FOLDER = "--in=";
    private static final String DATA = "--data=";
    private static final String ROUNDS = "--rounds=";
    private static final String DEVICE = "--device=";
    private static final String PROCESSOR = "cpu";

    /** What is done with results. */
    enum Outcome {
        /** They are printed. */
        PRINT,
        /** They are printed and kept. */
        RECORD,
        /** Nothing is measured: the page is written anew from what is kept. */
        PAGE_ALONE
    }

    /**
     * Where files are.
     *
     * @param module the folder of this module
     * @param data the folder of the study's text, if it is given
     */
    record Folders(Path module, Optional<Path> data) {}

    /**
     * Reads arguments.
     *
     * @throws IllegalArgumentException if one is not known, or they do not go together
     */
    static Request parse(String... arguments) {
        List<String> words = Stream.of(arguments).flatMap(Request::words).filter(word -> !word.isEmpty()).toList();
        List<Part> parts = new ArrayList<>();
        Settings settings = Settings.FULL;
        Outcome outcome = Outcome.PRINT;
        OptionalInt rounds = OptionalInt.empty();
        String device = PROCESSOR;
        Path module = Path.of("");
        Optional<Path> data = Optional.empty();
        for (String word : words) {
            if (word.equals("--quick")) {
                settings = Settings.QUICK;
            } else if (word.equals("--record") && outcome == Outcome.PRINT) {
                outcome = Outcome.RECORD;
            } else if (word.equals("--page") && outcome == Outcome.PRINT) {
                outcome = Outcome.PAGE_ALONE;
            } else if (word.startsWith(FOLDER)) {
                module = Path.of(word.substring(FOLDER.length()));
            } else if (word.startsWith(DATA)) {
                data = Optional.of(word.substring(DATA.length())).filter(folder -> !folder.isEmpty()).map(Path::of);
            } else if (word.startsWith(ROUNDS)) {
                rounds = OptionalInt.of(rounds(word.substring(ROUNDS.length())));
            } else if (word.startsWith(DEVICE)) {
                device = device(word.substring(DEVICE.length()));
            } else {
                parts.add(Part.of(word).orElseThrow(() -> new IllegalArgumentException("not known here: " + word
                        + "; there are " + List.of(Part.values())
                        + ", --quick, --rounds=N, --device=D, --record or --page, and --data=DIR")));
            }
        }
        if (outcome == Outcome.RECORD && settings == Settings.QUICK) {
            throw new IllegalArgumentException("--quick gives no numbers to --record");
        }
        return new Request(Stream.of(Part.values()).filter(part -> parts.isEmpty() || parts.contains(part)).toList(),
                settings, rounds, outcome, device, new Folders(module, data));
    }

    /** A folder may have spaces in its name; everything else may come with spaces between. */
    private static Stream<String> words(String argument) {
        return argument.startsWith(FOLDER) || argument.startsWith(DATA)
                ? Stream.of(argument)
                : Stream.of(argument.split(" "));
    }

    private static int rounds(String number) {
        if (!number.matches("[1-9]\\d{0,3}")) {
            throw new IllegalArgumentException(ROUNDS + number + ": give a number from 1 on");
        }
        return Integer.parseInt(number);
    }

    private static String device(String name) {
        if (!name.equals(PROCESSOR) && !Gpu.is(name)) {
            throw new IllegalArgumentException(DEVICE + name + ": give cpu or cuda:N");
        }
        return name;
    }

    /** How a user asks for a part as it was asked for here; DIR stands for where the data are. */
    String command(Part part) {
        StringBuilder words = new StringBuilder(part.toString());
        if (isQuick()) {
            words.append(" --quick");
        }
        if (!device.equals(PROCESSOR) && part.measuresStudy()) {
            words.append(" ").append(DEVICE).append(device);
        }
        rounds.ifPresent(count -> words.append(" ").append(ROUNDS).append(count));
        if (outcome == Outcome.RECORD) {
            words.append(" --record");
        }
        return "-Dbenchmarks=\"" + words + "\"" + (part == Part.PYTORCH ? " -Dbenchmarks.data=DIR" : "");
    }

    /** Whether rough numbers suffice. */
    boolean isQuick() {
        return settings == Settings.QUICK;
    }

    /** The folder of this module. */
    Path module() {
        return folders.module();
    }

    /** The folder of the study's text, if it is given. */
    Optional<Path> data() {
        return folders.data();
    }

    /** The page with the results. */
    Path page() {
        return module().resolve("README.md");
    }

    /** The folder of the project. */
    Path root() {
        return module().toAbsolutePath().normalize().getParent().getParent();
    }
}
