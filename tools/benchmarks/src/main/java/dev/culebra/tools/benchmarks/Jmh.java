package dev.culebra.tools.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
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
        ChainedOptionsBuilder options = options(benchmarks.getName() + ".", properties)
                .warmupIterations(1).warmupTime(TimeValue.milliseconds(settings.warmup().toMillis()))
                .measurementIterations(settings.iterations())
                .measurementTime(TimeValue.milliseconds(settings.time().toMillis()));
        return run(options, parameters -> {
            String benchmark = parameters.getBenchmark();
            int method = benchmark.lastIndexOf('.');
            return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1, method);
        }, parameters -> parameters.getBenchmark().substring(parameters.getBenchmark().lastIndexOf('.') + 1));
    }

    /**
     * Runs one round of a benchmark that times single calls, for all values of its parameters, each in a JVM of its own.
     *
     * @param benchmark the class
     * @param values of its parameters
     * @param properties system properties for those JVMs
     * @param warmUps calls that do not count
     * @param iterations calls that do
     * @param row the name of the row that a run belongs to
     * @param way the name of its way
     * @return nanoseconds of the fastest call
     */
    public static Measurements singleShots(Class<?> benchmark, Map<String, List<String>> values,
            Map<String, String> properties, int warmUps, int iterations, Function<BenchmarkParams, String> row,
            Function<BenchmarkParams, String> way) {
        ChainedOptionsBuilder options = options(benchmark.getName() + ".", properties).warmupIterations(warmUps)
                .measurementIterations(iterations);
        values.forEach((name, all) -> options.param(name, all.toArray(String[]::new)));
        return run(options, row, way);
    }

    private static ChainedOptionsBuilder options(String prefix, Map<String, String> properties) {
        List<String> arguments = new ArrayList<>(
                List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        properties.forEach((name, value) -> arguments.add("-D" + name + "=" + value));
        System.setProperty("jmh.ignoreLock", "true");
        return new OptionsBuilder().include("^" + Pattern.quote(prefix)).forks(1)
                .jvmArgs(arguments.toArray(String[]::new)).verbosity(VerboseMode.SILENT).shouldFailOnError(true);
    }

    private static Measurements run(ChainedOptionsBuilder options, Function<BenchmarkParams, String> row,
            Function<BenchmarkParams, String> way) {
        try {
            Measurements measurements = new Measurements();
            for (RunResult result : new Runner(options.build()).run()) {
                measurements.add(row.apply(result.getParams()), way.apply(result.getParams()),
                        result.getPrimaryResult().getStatistics().getMin());
            }
            return measurements;
        } catch (RunnerException failure) {
            throw new IllegalStateException("JMH: " + failure.getMessage(), failure);
        }
    }
}
