package dev.culebra.tools.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Benchmarks written for JMH, run from here. A class is a row, its methods are the ways. */
public final class Jmh {
    private Jmh() {}

    /**
     * Runs one round of all benchmarks of a package, each in a JVM of its own, started as this one was.
     *
     * @param benchmarks the package
     * @param properties system properties for those JVMs
     * @return nanoseconds for one call, in the fastest iteration
     */
    public static Measurements round(Package benchmarks, Map<String, String> properties, Settings settings) {
        List<String> arguments = new ArrayList<>(
                List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        properties.forEach((name, value) -> arguments.add("-D" + name + "=" + value));
        System.setProperty("jmh.ignoreLock", "true");
        OptionsBuilder options = new OptionsBuilder();
        options.include("^" + benchmarks.getName().replace(".", "\\.") + "\\.").forks(1)
                .warmupIterations(1).warmupTime(TimeValue.milliseconds(settings.warmup().toMillis()))
                .measurementIterations(settings.iterations())
                .measurementTime(TimeValue.milliseconds(settings.time().toMillis()))
                .jvmArgs(arguments.toArray(String[]::new)).verbosity(VerboseMode.SILENT).shouldFailOnError(true);
        try {
            Measurements measurements = new Measurements();
            for (RunResult result : new Runner(options.build()).run()) {
                String benchmark = result.getParams().getBenchmark();
                int method = benchmark.lastIndexOf('.');
                String row = benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1, method);
                measurements.add(row, benchmark.substring(method + 1),
                        result.getPrimaryResult().getStatistics().getMin());
            }
            return measurements;
        } catch (RunnerException failure) {
            throw new IllegalStateException("JMH: " + failure.getMessage(), failure);
        }
    }
}
