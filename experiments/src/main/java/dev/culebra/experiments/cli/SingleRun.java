package dev.culebra.experiments.cli;

import java.nio.file.Path;
import java.util.List;

import dev.culebra.experiments.run.ResultTables;
import dev.culebra.experiments.run.Run;
import dev.culebra.experiments.run.RunListener;
import dev.culebra.experiments.run.RunRequest;
import dev.culebra.experiments.run.RunSummary;
import dev.culebra.experiments.study.Configuration;
import picocli.CommandLine.ParseResult;

/** Makes one run and shows its perplexities. */
final class SingleRun {
    private SingleRun() {}

    /**
     * Makes the run.
     *
     * @param given what stood on the command line
     * @param own the run's settings where nothing else was given
     */
    static void make(ParseResult given, RunOptions options, Configuration own, boolean json, Console console) {
        Configuration configuration = options.configuration(own);
        InapplicableOptions.refuse(given, List.of(configuration));
        Path folder = options.runDirectory().orElse(Path.of("runs", configuration.name()));
        RunRequest request = options.request(configuration, folder, options.resume());
        try (RunListener display = console.display(json)) {
            new Run(request, display, console.interruption()).make();
            ResultTables.of(RunSummary.of(request.directory())).forEach(display::note);
        }
    }
}
