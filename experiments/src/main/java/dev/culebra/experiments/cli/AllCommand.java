package dev.culebra.experiments.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.failure.InterruptedRunException;
import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.experiments.run.ResultTables;
import dev.culebra.experiments.run.Run;
import dev.culebra.experiments.run.RunDirectory;
import dev.culebra.experiments.run.RunListener;
import dev.culebra.experiments.run.RunRequest;
import dev.culebra.experiments.run.RunSummary;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.Experiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole study, or some of its runs. */
@Command(name = "all", sortOptions = false, description = "The study: all twelve runs, one after another or several at once. Finished runs are kept, "
        + "interrupted ones are continued.", footer = {"", "Examples:",
            "  java -jar experiments.jar all --data wikitext-2",
            "  java -jar experiments.jar all --only 1,5,9 --epochs 2 --run-dir short"})
final class AllCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--only", paramLabel = "N,N,...", hideParamSyntax = true, split = ",", description = "Only these runs, such as 1,5,9.")
    private List<Integer> only;

    @Option(names = "--parallel", paramLabel = "N", defaultValue = "1", description = "How many runs at once, sharing the device.")
    private int parallel;

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
        List<RunRequest> requests = experiments().stream().map(this::request).toList();
        Map<String, Throwable> failures = make(requests);
        ResultTables.of(requests.stream()
                .map(request -> new ResultTables.StudyRow(request.configuration(), RunSummary.of(request.directory())))
                .toList()).forEach(console.people(json.json())::println);
        if (!failures.isEmpty()) {
            throw together(failures);
        }
        if (console.interruption().isRequested()) {
            throw new InterruptedRunException("interrupted; finished runs are kept and the others saved");
        }
        return ExitCode.DONE;
    }

    /** One exception for all: of bad input, if there was nothing else. */
    private static RuntimeException together(Map<String, Throwable> failures) {
        List<String> texts = failures.values().stream().map(ErrorText::of).distinct().toList();
        String text = texts.size() == 1
                ? texts.getFirst()
                : failures.entrySet().stream()
                        .map(failure -> failure.getKey() + ": " + ErrorText.of(failure.getValue()))
                        .collect(Collectors.joining("; "));
        RuntimeException together = failures.values().stream().allMatch(BadInputException.class::isInstance)
                ? new BadInputException(text)
                : new RunFailedException(text);
        failures.values().forEach(together::addSuppressed);
        return together;
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

    private RunRequest request(Experiment experiment) {
        Configuration configuration = options.configuration(Configuration.of(experiment));
        Path folder = options.runDirectory().orElse(Path.of("runs")).resolve(configuration.name());
        return options.request(configuration, folder, new RunDirectory(folder).holdsRun());
    }

    /** Makes all runs and returns the failures by the run's name; one run's failure does not end the others. */
    private Map<String, Throwable> make(List<RunRequest> requests) {
        Map<String, Throwable> failures = new ConcurrentSkipListMap<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(parallel)) {
            requests.forEach(request -> executor.execute(() -> {
                try {
                    make(request);
                } catch (InterruptedRunException e) {
                    // The command itself tells of that, once for all runs.
                } catch (RuntimeException | Error e) {
                    failures.put(request.configuration().name(), e);
                    console.people(json.json()).println(request.configuration().name() + " failed: " + ErrorText.of(e));
                }
            }));
        }
        return failures;
    }

    private void make(RunRequest request) {
        if (console.interruption().isRequested()) {
            return;
        }
        String name = request.configuration().name();
        try (RunListener display = console.display(json.json(), name, parallel > 1)) {
            new Run(request, display, console.interruption()).make();
            display.note(name + " is done.");
        }
    }
}
