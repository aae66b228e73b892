package dev.culebra.tools.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.runner.BenchmarkList;

/** The benchmarks as JMH finds them: in the list that its annotation processor wrote. */
final class JmhList {
    private JmhList() {}

    /** The classes of a package. */
    static List<Class<?>> classes(Package of) {
        try (InputStream list = JmhList.class.getResourceAsStream(BenchmarkList.BENCHMARK_LIST)) {
            return Arrays.stream(new String(list.readAllBytes(), StandardCharsets.UTF_8).split("\\s"))
                    .filter(word -> word.matches(of.getName() + "\\.[A-Z]\\w*")).distinct().<Class<?>>map(JmhList::type)
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The methods that JMH measures. */
    static List<Method> methods(Class<?> benchmark) {
        return Arrays.stream(benchmark.getMethods()).filter(method -> method.isAnnotationPresent(Benchmark.class))
                .toList();
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException missing) {
            throw new AssertionError(missing);
        }
    }
}
