package dev.culebra.tools.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The benchmarks of the package {@code device} in C++, {@code device_costs.cpp}. */
public final class CppCosts {
    /** The way of these in measurements. */
    public static final String CPP = "C++";
    /** The system property that names the compiled program, where it is not to be compiled here. */
    static final String PROGRAM = "culebra.benchmarks.cpp";
    private static final String SOURCE = "src/main/cpp/device_costs.cpp";

    private CppCosts() {}

    /**
     * The program.
     *
     * @param module the folder of this module, with its sources, in which it is compiled unless that was done before
     */
    public static Path program(Path module) {
        String made = System.getProperty(PROGRAM, "");
        if (!made.isEmpty()) {
            return Path.of(made);
        }
        Path source = module.resolve(SOURCE);
        Path program = module.resolve("target/device_costs");
        if (!Files.exists(program) || program.toFile().lastModified() < source.toFile().lastModified()) {
            CppCompiler.compile(source, program, List.of());
        }
        return program;
    }

    /**
     * Runs it once.
     *
     * @param driver the library of the driver
     * @param image the compiled kernel
     */
    public static Measurements round(Path program, Path driver, Path image, Settings settings) {
        return parse(Subprocess.run(List.of(program.toString(), driver.toString(), image.toString(),
                String.valueOf(settings.warmup().toMillis()), String.valueOf(settings.iterations()),
                String.valueOf(settings.time().toMillis()))).success());
    }

    /** Reads what it prints: a line with name and nanoseconds for each benchmark. */
    static Measurements parse(String output) {
        Measurements measurements = new Measurements();
        for (String line : output.lines().toList()) {
            String[] words = line.split(" ");
            if (words.length != 2) {
                throw new IllegalStateException("not a name and a time: " + line);
            }
            measurements.add(words[0], CPP, Double.parseDouble(words[1]));
        }
        return measurements;
    }
}
