package dev.culebra.tools.benchmarks.scaling;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.culebra.experiments.study.ModelKind;
import dev.culebra.experiments.study.OptimizerKind;
import dev.culebra.nn.MemoryUse;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.HostMemory;
import dev.culebra.runtime.Precision;
import dev.culebra.tools.benchmarks.Subprocess;
import dev.culebra.tools.benchmarks.study.StudyStep;

/** A process that makes some training steps and tells what they took. Linux only. */
public final class StepProcess {
    private static final Pattern TOLD = Pattern.compile("seconds (\\S+) planned (\\d+) peak (\\d+)");
    private static final int WARM_UPS = 2;
    private static final int STEPS = 3;

    /**
     * What such a process told.
     *
     * @param seconds of the fastest step
     * @param planned bytes that the run knew before its first step that it would need
     * @param peak the most bytes that the process had
     */
    record Cost(double seconds, long planned, long peak) {}

    private StepProcess() {}

    /** The process itself. Arguments: model, B, T, L, width, threads, precision. */
    public static void main(String[] arguments) {
        int[] sizes = new int[arguments.length];
        for (int i = 1; i < 6; i++) {
            sizes[i] = Integer.parseInt(arguments[i]);
        }
        Scale scale = new Scale(ModelKind.valueOf(arguments[0]), sizes[1], sizes[2], sizes[3], sizes[4], sizes[5]);
        try (Backend backend = Backends.open("cpu", Precision.valueOf(arguments[6]));
                StudyStep step = new StudyStep(backend, scale.model(), OptimizerKind.ADAM, scale.batch(),
                        scale.sequenceLength())) {
            long planned = MemoryUse.of(step.model(), step.optimizer()).total();
            double fastest = Double.POSITIVE_INFINITY;
            for (int i = 0; i < WARM_UPS + STEPS; i++) {
                long start = System.nanoTime();
                step.run();
                backend.synchronize();
                if (i >= WARM_UPS) {
                    fastest = Math.min(fastest, (System.nanoTime() - start) / 1e9);
                }
            }
            System.out.println(
                    "seconds " + fastest + " planned " + planned + " peak " + HostMemory.peakBytes().orElseThrow());
        }
    }

    /** Starts one and waits for its end. With one thread the JVM would choose this garbage collector anyway, with more another. */
    static Cost measure(Scale scale, Precision precision) {
        List<String> command = Subprocess.java(
                List.of("-XX:+UseSerialGC", "-XX:ActiveProcessorCount=" + scale.threads()), StepProcess.class,
                scale.kind().name(), String.valueOf(scale.batch()), String.valueOf(scale.sequenceLength()),
                String.valueOf(scale.layers()), String.valueOf(scale.width()), String.valueOf(scale.threads()),
                precision.name());
        return parse(Subprocess.run(command, Map.of("OMP_NUM_THREADS", String.valueOf(scale.threads()))).success());
    }

    /** Reads what a process printed. */
    static Cost parse(String output) {
        Matcher told = TOLD.matcher(output);
        if (!told.find()) {
            throw new IllegalStateException("nothing was told in: " + output);
        }
        return new Cost(Double.parseDouble(told.group(1)), Long.parseLong(told.group(2)),
                Long.parseLong(told.group(3)));
    }
}
