package dev.culebra.experiments.run;

import java.nio.file.Files;
import java.util.OptionalLong;

import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.Require;

/**
 * A run to be made.
 *
 * @param configuration what decides its numbers
 * @param directory where its files go
 * @param resume whether it continues the run that is there
 * @param logEvery which steps are recorded: every n-th
 * @param checkpointEvery after how many steps the state is written besides at the end of each epoch
 * @param validateEvery after how many steps the validation split is evaluated besides at the end of each epoch
 * @param memoryReport whether people are shown what the run needs its memory for
 * @param graph whether a device that can records the step and repeats that
 * @param command the command line that asks for it, which is kept beside the configuration
 */
public record RunRequest(Configuration configuration, RunDirectory directory, boolean resume, long logEvery,
        OptionalLong checkpointEvery, OptionalLong validateEvery, boolean memoryReport, boolean graph, String command) {
    /**
     * Checks the intervals.
     *
     * @throws dev.culebra.experiments.failure.BadInputException naming the option that cannot be
     */
    public RunRequest {
        Require.atLeast("--log-every", logEvery, 1);
        Require.atLeast("--checkpoint-every", checkpointEvery.orElse(1), 1);
        Require.atLeast("--validate-every", validateEvery.orElse(1), 1);
    }

    /**
     * Makes sure that a run that is there already has these settings.
     *
     * @throws dev.culebra.experiments.failure.BadInputException if it has others
     */
    public void requireSameSettings() {
        if (Files.exists(directory.config())) {
            directory.requireSameSettings(configuration);
        }
    }
}
