package dev.culebra.tools.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Another program, run to its end. */
public final class Subprocess {
    /**
     * What a program left.
     *
     * @param exitCode 0 if all went well
     * @param output what it wrote, errors too
     */
    public record Result(int exitCode, String output) {
        /**
         * The output of a program that ended well.
         *
         * @throws IllegalStateException with the output, if it did not
         */
        public String success() {
            if (exitCode != 0) {
                throw new IllegalStateException("exit code " + exitCode + ": " + output);
            }
            return output;
        }
    }

    private Subprocess() {}

    /** Runs a program in this process's environment. */
    public static Result run(List<String> command) {
        return run(command, Map.of());
    }

    /**
     * Runs a program.
     *
     * @param environment variables that differ from this process's; an empty value takes the variable away
     * @throws UncheckedIOException if it cannot be started
     */
    public static Result run(List<String> command, Map<String, String> environment) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            environment.forEach((name, value) -> {
                if (value.isEmpty()) {
                    builder.environment().remove(name);
                } else {
                    builder.environment().put(name, value);
                }
            });
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command.getFirst() + " ran", interrupted);
        }
    }
}
