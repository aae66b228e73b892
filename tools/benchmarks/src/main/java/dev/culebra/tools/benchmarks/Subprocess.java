package dev.culebra.tools.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

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

    /**
     * The command that runs a program in a JVM like this one.
     *
     * @param options of the JVM
     * @param classPath where the program is
     * @param program the name of its main class
     */
    public static List<String> java(List<String> options, String classPath, String program, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, program));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The same for a program beside this one. */
    public static List<String> java(List<String> options, Class<?> program, String... arguments) {
        return java(options, System.getProperty("java.class.path"), program.getName(), arguments);
    }

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
        return run(command, environment, _ -> {});
    }

    /**
     * Runs a program in this process's environment.
     *
     * @param eachLine hears of each line as soon as it is there; if it throws, the program is ended
     * @throws UncheckedIOException if it cannot be started
     */
    public static Result run(List<String> command, Consumer<String> eachLine) {
        return run(command, Map.of(), eachLine);
    }

    private static Result run(List<String> command, Map<String, String> environment, Consumer<String> eachLine) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            environment.forEach((name, value) -> {
                if (value.isEmpty()) {
                    builder.environment().remove(name);
                } else {
                    builder.environment().put(name, value);
                }
            });
            return result(builder.start(), eachLine);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command.getFirst() + " ran", interrupted);
        }
    }

    /** Whatever is thrown, the program does not outlive it: what it writes to may be deleted next. */
    private static Result result(Process process, Consumer<String> eachLine) throws IOException, InterruptedException {
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            process.getOutputStream().close();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                eachLine.accept(line);
                output.append(line).append('\n');
            }
            return new Result(process.waitFor(), output.toString());
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }
}
