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
import dev.culebra.runtime.Precision;
import dev.culebra.tools.benchmarks.Subprocess;
import dev.culebra.tools.benchmarks.study.Gpu;
import dev.culebra.tools.benchmarks.study.Memory;
import dev.culebra.tools.benchmarks.study.StudyStep;

/** A process that makes some training steps and tells what they took. On a processor Linux only. */
public final class StepProcess {
    private static final Pattern TOLD = Pattern.compile("seconds (\\S+) planned (\\d+) peak (\\d+)");

    /**
     * What such a process told.
     *
     * @param seconds of the fastest step
     * @param planned bytes that the run knew before its first step that it would need
     * @param peak the most bytes that the process had, or on a GPU those that it took of the device's
     */
    record Cost(double seconds, long planned, long peak) {}

    private StepProcess() {}

    /** The steps that do not count: on a GPU some more, for among them are those that plan and that record a graph. */
    static int warmUps(String device) {
        return Gpu.is(device) ? 10 : 2;
    }

    /** The steps that do. */
    static int steps(String device) {
        return Gpu.is(device) ? 30 : 3;
    }

    /** The process itself. Arguments: model, B, T, L, width, threads, precision, device. */
    public static void main(String[] arguments) {
        int[] sizes = new int[arguments.length];
        for (int i = 1; i < 6; i++) {
            sizes[i] = Integer.parseInt(arguments[i]);
        }
        Cost cost = run(new Scale(ModelKind.valueOf(arguments[0]), sizes[1], sizes[2], sizes[3], sizes[4], sizes[5]),
                Precision.valueOf(arguments[6]), arguments[7]);
        System.out.println("seconds " + cost.seconds() + " planned " + cost.planned() + " peak " + cost.peak());
    }

    /** Makes the steps in this process. */
    static Cost run(Scale scale, Precision precision, String device) {
        Memory memory = Memory.of(device);
        try (memory;
                Backend backend = Backends.open(device, precision);
                StudyStep step = new StudyStep(backend, scale.model(), OptimizerKind.ADAM, scale.batch(),
                        scale.sequenceLength())) {
            long planned = MemoryUse.of(step.model(), step.optimizer()).total();
            double fastest = Double.POSITIVE_INFINITY;
            for (int i = 0; i < warmUps(device) + steps(device); i++) {
                long start = System.nanoTime();
                step.run();
                backend.synchronize();
                if (i >= warmUps(device)) {
                    fastest = Math.min(fastest, (System.nanoTime() - start) / 1e9);
                }
            }
            return new Cost(fastest, planned, memory.peakBytes());
        }
    }

    /** Starts one and waits for its end. With one thread the JVM would choose this garbage collector anyway, with more another. */
    static Cost measure(Scale scale, Precision precision, String device) {
        List<String> command = Subprocess.java(
                List.of("-XX:+UseSerialGC", "-XX:ActiveProcessorCount=" + scale.threads()), StepProcess.class,
                scale.kind().name(), String.valueOf(scale.batch()), String.valueOf(scale.sequenceLength()),
                String.valueOf(scale.layers()), String.valueOf(scale.width()), String.valueOf(scale.threads()),
                precision.name(), device);
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
