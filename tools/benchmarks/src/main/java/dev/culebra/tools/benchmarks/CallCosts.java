package dev.culebra.tools.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.culebra.tools.benchmarks.calls.CallBenchmark;

/** What a call costs: the benchmarks of the package {@code calls}. */
final class CallCosts {
    private static final RatioTable TABLE = new RatioTable("function", "ours", List.of("jni", "critical"), "ns", 1);

    private CallCosts() {}

    /** Measures, and tells the progress. */
    static String measure(Settings settings, String command, Consumer<String> progress) {
        Measurements all = new Measurements();
        for (int round = 1; round <= settings.rounds(); round++) {
            progress.accept("calls: round " + round + " of " + settings.rounds());
            all.addAll(Jmh.round(CallBenchmark.class.getPackage(), Map.of(), settings));
        }
        return Circumstances.line(settings + "; `" + command + "`") + "\n\n" + TABLE.markdown(all);
    }
}
