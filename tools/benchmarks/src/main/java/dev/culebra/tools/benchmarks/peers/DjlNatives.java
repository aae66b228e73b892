package dev.culebra.tools.benchmarks.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.culebra.tools.benchmarks.study.Gpu;

/**
 * The libraries of PyTorch that DJL computes with: for processors those in its jar; for a GPU those that the environment names, since
 * no jar of this version has them.
 */
public final class DjlNatives {
    private static final String OF_JAR = "/native/lib/pytorch.properties";
    private static final String LIBRARY = "PYTORCH_LIBRARY_PATH";
    private static final String FLAVOR = "PYTORCH_FLAVOR";
    private static final String TF32 = "NVIDIA_TF32_OVERRIDE";
    private static final Pattern VERSION = Pattern.compile("__version__ = '(.*)'");

    private DjlNatives() {}

    /**
     * What is missing, if anything is.
     *
     * @param device where DJL is to compute, {@code cpu} or {@code cuda:N}
     */
    public static Optional<String> missing(String device) {
        if (!System.getProperty("os.name").equals("Linux") || !System.getProperty("os.arch").equals("amd64")) {
            return Optional.of("DJL's natives that are at hand are for Linux on x86_64");
        }
        if (DjlNatives.class.getResource(OF_JAR) == null) {
            return Optional.of("DJL's natives are not on the class path");
        }
        return Gpu.is(device) ? missingForGpu(System.getenv()) : Optional.empty();
    }

    /** What an environment does not tell DJL, if so: where a PyTorch with CUDA is, and that all of it is to compute in fp32. */
    static Optional<String> missingForGpu(Map<String, String> environment) {
        if (!environment.containsKey(LIBRARY) || !environment.getOrDefault(FLAVOR, "").startsWith("cu")) {
            return Optional.of("DJL's natives on the class path are for processors alone: " + LIBRARY
                    + " is to name the folder lib of a PyTorch for a GPU, and " + FLAVOR
                    + " its CUDA, as tools/benchmarks/README.md tells");
        }
        return environment.getOrDefault(TF32, "").equals("0")
                ? Optional.empty()
                : Optional.of("PyTorch's LSTM computes in tf32 unless " + TF32 + "=0");
    }

    /** The version of PyTorch. */
    static String version(String device) {
        return Gpu.is(device) ? version(Path.of(System.getenv(LIBRARY))) : versionOfJar();
    }

    /** As the file says that PyTorch has beside the folder of its libraries. */
    static String version(Path libraries) {
        try {
            Matcher version = VERSION.matcher(Files.readString(libraries.resolveSibling("version.py")));
            return version.find() ? version.group(1) : "of unknown version";
        } catch (IOException noFile) {
            return "of unknown version";
        }
    }

    private static String versionOfJar() {
        Properties properties = new Properties();
        try (InputStream file = DjlNatives.class.getResourceAsStream(OF_JAR)) {
            properties.load(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return properties.getProperty("version");
    }
}
