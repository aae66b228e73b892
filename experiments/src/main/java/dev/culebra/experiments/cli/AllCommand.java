package dev.culebra.experiments.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.report.Report;
import dev.culebra.experiments.run.ResultTables;
import dev.culebra.experiments.run.RunDirectory;
import dev.culebra.experiments.run.RunRequest;
import dev.culebra.experiments.run.StudyDisplay;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.Experiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole study, or some of its runs. */
@Command(name = "all", sortOptions = false, description = "The study: all twelve runs, one after another or several at once, and a report on them. Finished runs are "
        + "kept, interrupted ones are continued.", footer = {"", "Examples:",
            "  java -jar experiments.jar all --data wikitext-2",
            "  java -jar experiments.jar all --only 1,5,9 --epochs 2 --run-dir short",
            "  java -jar experiments.jar all --data wikitext-2 --parallel 3 --seeds 1,2,3",
            "", "Given again after Ctrl-C or a failure, the same command goes on."})
final class AllCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--only", paramLabel = "N,N,...", hideParamSyntax = true, split = ",", description = "Only these runs, such as 1,5,9.")
    private List<Integer> only;

    @Option(names = "--seeds", paramLabel = "N,N,...", hideParamSyntax = true, split = ",", description = "Each run with each of these seeds, in folders such as exp3-seed2; the table then shows mean and spread.")
    private List<Long> seeds;

    @Option(names = "--parallel", paramLabel = "N", defaultValue = "1", description = "How many runs at once, sharing a GPU; their times and memory are then those of all together. On the cpu that saves hardly any time.")
    private int parallel;

    @Option(names = "--no-report", description = "Write no report (report.html and more in the folder 'report' beside the runs) at the end.")
    private boolean noReport;

    @Spec
    private CommandSpec command;

    @Mixin
    private RunOptions options;

    @Mixin
    private JsonOption json;

    @Mixin
    private CommonOptions common;

    AllCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (parallel < 1) {
            throw new BadInputException("--parallel must be at least 1, but is " + parallel);
        }
        Map<String, RunRequest> requests = requests();
        InapplicableOptions.refuse(command.commandLine().getParseResult(),
                requests.values().stream().map(RunRequest::configuration).toList());
        // Told now, and not when hours later its turn comes.
        requests.values().forEach(RunRequest::requireSameSettings);
        Map<String, Study.Outcome> outcomes;
        List<ResultTables.StudyRow> rows;
        try (StudyDisplay display = console.display(json.json(), List.copyOf(requests.keySet()))) {
            Study study = new Study(requests, display, console.interruption());
            outcomes = study.make(parallel);
            rows = study.rows(outcomes);
        }
        tell(ResultTables.of(rows), console.people(json.json()));
        if (!noReport && !console.interruption().isRequested()
                && requests.values().stream().anyMatch(request -> request.directory().holdsRun())) {
            console.people(json.json()).println(report());
        }
        Study.requireFinished(outcomes, CommandText.of(command.commandLine().getParseResult().originalArgs()));
        return ExitCode.DONE;
    }

    /** In the C locale there is no sign for a spread. */
    private static void tell(List<String> lines, PrintStream people) {
        boolean hasSign = people.charset().newEncoder().canEncode('\u00b1');
        lines.forEach(line -> people.println(hasSign ? line : line.replace(" \u00b1 ", " +-")));
    }

    /** Writes the report of all runs in the folder; returns where it is, or why there is none: the runs are made all the same. */
    private String report() {
        Path folder = folder().resolve("report");
        try {
            Report.of(folder()).write(folder);
            return "Report: " + folder.resolve("report.html");
        } catch (RuntimeException e) {
            return "There is no report: " + ErrorText.of(e);
        }
    }

    private Path folder() {
        return options.runDirectory().orElse(Path.of("runs"));
    }

    /** The runs by their folders' names; the whole study with one seed comes before the next seed. */
    private Map<String, RunRequest> requests() {
        Map<String, RunRequest> requests = new LinkedHashMap<>();
        List<Experiment> experiments = experiments();
        if (seeds == null) {
            experiments.forEach(experiment -> {
                Configuration configuration = options.configuration(Configuration.of(experiment));
                requests.put(configuration.name(), request(configuration.name(), configuration));
            });
            return requests;
        }
        if (command.commandLine().getParseResult().hasMatchedOption("--seed")) {
            throw new BadInputException("--seed and --seeds cannot both be given; leave one of them out");
        }
        if (seeds.isEmpty()) {
            throw new BadInputException("--seeds names no seed; give numbers such as 1,2,3");
        }
        seeds.stream().distinct().forEach(seed -> experiments.forEach(experiment -> {
            Configuration configuration = options.configuration(Configuration.of(experiment)).withSeed(seed);
            String name = configuration.name() + "-seed" + seed;
            requests.put(name, request(name, configuration));
        }));
        return requests;
    }

    private RunRequest request(String name, Configuration configuration) {
        Path folder = folder().resolve(name);
        return options.request(configuration, folder, new RunDirectory(folder).holdsRun());
    }

    private List<Experiment> experiments() {
        return only == null
                ? Arrays.asList(Experiment.values())
                : requireSome(only).stream().distinct().sorted()
                        .map(number -> Experiment.of(number)
                                .orElseThrow(() -> new BadInputException(
                                        "--only takes numbers from 1 to 12, not " + number)))
                        .toList();
    }

    private static List<Integer> requireSome(List<Integer> numbers) {
        if (numbers.isEmpty()) {
            throw new BadInputException("--only names no run; give numbers from 1 to 12, such as 1,5,9");
        }
        return numbers;
    }
}
