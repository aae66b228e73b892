package dev.culebra.experiments.cli;

import java.nio.file.Path;

import dev.culebra.experiments.run.ResultTables;
import dev.culebra.experiments.run.Run;
import dev.culebra.experiments.run.RunListener;
import dev.culebra.experiments.run.RunRequest;
import dev.culebra.experiments.run.RunSummary;
import dev.culebra.experiments.study.Configuration;

/** Makes one run and shows its perplexities. */
final class SingleRun {
    private SingleRun() {}

    static void make(RunOptions options, Configuration own, boolean json, Console console) {
        Configuration configuration = options.configuration(own);
        Path folder = options.runDirectory().orElse(Path.of("runs", configuration.name()));
        RunRequest request = options.request(configuration, folder, options.resume());
        try (RunListener display = console.display(json)) {
            new Run(request, display, console.interruption()).make();
            ResultTables.of(RunSummary.of(request.directory())).forEach(display::note);
        }
    }
}
