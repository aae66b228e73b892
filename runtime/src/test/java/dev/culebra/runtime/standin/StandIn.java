package dev.culebra.runtime.standin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.NativeLibrary;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Assumptions;

/**
 * A CUDA device for tests: a real one where there is one, else a library that stands in for the driver. A test calls
 * {@link #activate()} before anything of {@link NativeLibraries#CUDA} is touched, in {@code @BeforeAll}. What the
 * stand-in shows of a program is that it calls the driver as the driver wants to be called, and nothing about a GPU.
 */
public final class StandIn {
    private static final String PROPERTY = "culebra.cuda.path";
    private static final String COMPILER_PROPERTY = "culebra.nvrtc.path";
    private static final String CUBLAS_LT_PROPERTY = "culebra.cublaslt.path";
    private static final String CUDNN_PROPERTY = "culebra.cudnn.path";
    private static final String CACHE_PROPERTY = "culebra.cache";
    /** Where this is {@code false}, the stand-in is one for the driver alone, and the other libraries are NVIDIA's. */
    private static final String LIBRARIES_PROPERTY = "culebra.standin.libraries";
    private static final Pattern VERSION = Pattern.compile("^#define CUDA_VERSION (\\d+)", Pattern.MULTILINE);
    private static final int WANTED_VERSION = 13000;
    private static final List<String> KINDS = List.of("context", "stream", "event", "pool", "memory", "pinned",
            "registered", "module", "library", "graph", "graphExec", "cublasLtHandle", "cublasLtMatmulDesc",
            "cublasLtMatrixLayout", "cublasLtMatmulPreference", "cudnnHandle", "cudnnTensorDescriptor",
            "cudnnRNNDescriptor", "cudnnRNNDataDescriptor");

    private static Optional<StandInControl> control = Optional.empty();
    private static boolean decided;
    private static boolean withVendorCompiler;

    private StandIn() {}

    /**
     * Makes a CUDA device available to this process, or ends the test with the reason why there is none. Beside the
     * stand-in for the driver go those for NVRTC, which compiles kernels for the host, for cuBLASLt and for the recurrent
     * networks of cuDNN.
     */
    public static synchronized void activate() {
        if (decided) {
            return;
        }
        if (!System.getProperty(PROPERTY, "").isEmpty() || realDevice()) {
            decided = true;
            return;
        }
        boolean withLibraries = Boolean.parseBoolean(System.getProperty(LIBRARIES_PROPERTY, "true"));
        Optional<String> reason = obstacle(withLibraries);
        if (reason.isPresent()) {
            Requirement.STAND_IN.missing(reason.get());
            return;
        }
        Path driver = buildDriver();
        System.setProperty(PROPERTY, driver.toString());
        if (withLibraries) {
            // What was compiled for the host is no business of the user's cache.
            System.setProperty(CACHE_PROPERTY, module().resolve("target/standin/cache").toString());
            if (!withVendorCompiler) {
                System.setProperty(COMPILER_PROPERTY, buildCompiler().toString());
            }
            System.setProperty(CUBLAS_LT_PROPERTY, buildLibrary("cublaslt", "cublasLt.h", driver).toString());
            System.setProperty(CUDNN_PROPERTY, buildLibrary("cudnn", "cudnn.h", driver).toString());
        }
        control = Optional.of(new StandInControl(NativeLibraries.CUDA));
        decided = true;
    }

    /**
     * The same, but with NVIDIA's own NVRTC: kernels are compiled for devices, and load, but run only where there is one.
     *
     * @throws IllegalStateException if this process has the compiler that stands in for it
     */
    public static synchronized void activateWithVendorCompiler() {
        if (decided && !withVendorCompiler && isActive()) {
            throw new IllegalStateException("another test of this process wanted the compiler for the host");
        }
        withVendorCompiler = true;
        activate();
        try {
            NativeLibraries.NVRTC.load();
        } catch (MissingLibraryException missing) {
            Requirement.NVIDIA_LIBRARIES.missing(missing.getMessage());
        }
    }

    private static Optional<String> obstacle(boolean withLibraries) {
        Optional<String> compiler = HostCompiler.missing();
        if (compiler.isPresent()) {
            return compiler;
        }
        if (headers().isEmpty()) {
            return Optional.of("there is no cuda.h of CUDA 13 (pip install nvidia-cuda-runtime nvidia-cuda-crt)");
        }
        if (withLibraries && folderOf("cublasLt.h").isEmpty()) {
            return Optional.of("there is no cublasLt.h (pip install nvidia-cublas)");
        }
        if (withLibraries && folderOf("cudnn.h").isEmpty()) {
            return Optional.of("there is no cudnn.h (pip install nvidia-cudnn-cu13)");
        }
        return sources().isEmpty() ? Optional.of("its sources are not here") : Optional.empty();
    }

    /** With these options another virtual machine has the same device. */
    public static String[] options() {
        return Stream.of(PROPERTY, COMPILER_PROPERTY, CUBLAS_LT_PROPERTY, CUDNN_PROPERTY, CACHE_PROPERTY)
                .filter(property -> System.getProperty(property) != null)
                .map(property -> "-D" + property + "=" + System.getProperty(property)).toArray(String[]::new);
    }

    /** Whether the device is the stand-in. */
    public static synchronized boolean isActive() {
        return control.isPresent();
    }

    /**
     * Lets a later call fail, with nothing done. On a real device the test ends here.
     *
     * @param function a function of the driver, of cuBLASLt or of cuDNN, without {@code _v2}
     * @param status what it returns; one of the driver that poisons contexts on a GPU poisons the current one
     * @param after how many calls of it go well before
     */
    public static void failNext(String function, int status, int after) {
        control("only the stand-in fails when asked to").failNext(function, status, after);
    }

    /** Forgets the failures that were asked for and have not come to pass. */
    public static void failNone() {
        onStandIn().ifPresent(StandInControl::failNone);
    }

    /** How many objects of the driver, cuBLASLt and cuDNN have not been freed; always 0 on a real device, which does not tell. */
    public static long liveObjects() {
        return liveObjectsByKind().values().stream().mapToLong(Long::longValue).sum();
    }

    /** {@link #liveObjects()} by kind ({@code stream}, {@code memory} and so on), those without any left out. */
    public static Map<String, Long> liveObjectsByKind() {
        Map<String, Long> live = new LinkedHashMap<>();
        onStandIn().ifPresent(present -> {
            for (String kind : KINDS) {
                long count = present.live(kind);
                if (count > 0) {
                    live.put(kind, count);
                }
            }
        });
        return live;
    }

    /** The calls since {@link #clearCallLog()}, as {@code cuMemAlloc(0x7f…, 16)}. On a real device the test ends here. */
    public static List<String> callLog() {
        return control("only the stand-in keeps a log").log().lines().toList();
    }

    /** Forgets the calls made so far. */
    public static void clearCallLog() {
        onStandIn().ifPresent(StandInControl::clearLog);
    }

    /** What the stand-in found wrong last (a barrier that not all threads reached, say), or nothing. */
    public static String message() {
        return onStandIn().map(StandInControl::message).orElse("");
    }

    /** The seed of the order in which threads of a block, and independent nodes of a graph, run. */
    public static void seed(long seed) {
        onStandIn().ifPresent(present -> present.seed(seed));
    }

    /** Where the stand-in puts what it compiles, or its sources lie below: the folder of the module {@code runtime}. */
    static Path module() {
        return sources().orElseThrow().getParent().getParent().getParent();
    }

    static Path kernelHeaders() {
        return sources().orElseThrow().resolve("kernel");
    }

    static HostCompiler compiler() {
        return new HostCompiler(module().resolve("target").resolve("standin"));
    }

    private static Path buildDriver() {
        Path folder = sources().orElseThrow();
        List<Path> files = Stream.concat(list(folder).stream(), list(kernelHeaders()).stream()).toList();
        return compiler().library("libcuda-standin", ending(files, ".cpp"), ending(files, ".h"),
                List.of("-O1", "-pthread", "-fvisibility=hidden", "-Wall", "-Wextra", "-I" + folder,
                        "-I" + headers().get()),
                List.of());
    }

    /** A library that hands its work to the driver, made of the sources in the folder of its name. */
    private static Path buildLibrary(String name, String header, Path driver) {
        Path root = sources().orElseThrow();
        List<Path> own = list(root.resolve(name));
        List<Path> shared = Stream.concat(list(root).stream(), list(root.resolve("vendor")).stream()).toList();
        List<Path> headers = Stream.concat(own.stream(), shared.stream()).toList();
        return compiler().library("lib" + name + "-standin", ending(own, ".cpp"), ending(headers, ".h"),
                List.of("-O3", "-pthread", "-fvisibility=hidden", "-Wall", "-Wextra",
                        "-I" + folderOf(header).orElseThrow(), "-I" + headers().orElseThrow()),
                List.of(driver));
    }

    private static Path buildCompiler() {
        List<Path> headers = ending(list(kernelHeaders()), ".h");
        List<Path> sources = list(sources().orElseThrow().resolve("nvrtc"));
        return compiler().library("libnvrtc-standin", sources, headers, List.of("-O1", "-fvisibility=hidden",
                "-Wall", "-Wextra", "-DSTANDIN_KERNEL_FOLDER=\"" + kernelHeaders() + "\""), List.of());
    }

    private static List<Path> ending(List<Path> files, String suffix) {
        return files.stream().filter(file -> file.toString().endsWith(suffix)).toList();
    }

    /** The folder of the newest way to write a program for the driver that is at hand. */
    static Optional<Path> headers() {
        return Stream.of(toolkits(), wheels()).flatMap(folders -> folders)
                .filter(folder -> version(folder.resolve("cuda.h")) >= WANTED_VERSION).findFirst();
    }

    /** The folder of a header of a library. */
    private static Optional<Path> folderOf(String header) {
        return Stream.of(toolkits(), wheels()).flatMap(folders -> folders)
                .filter(folder -> Files.isRegularFile(folder.resolve(header))).findFirst();
    }

    private static synchronized Optional<StandInControl> onStandIn() {
        return control;
    }

    private static StandInControl control(String otherwise) {
        Optional<StandInControl> found = onStandIn();
        Assumptions.assumeTrue(found.isPresent(), otherwise);
        return found.orElseThrow();
    }

    /** Looks with a library object of its own: the shared one must not remember a driver that has no device. */
    private static boolean realDevice() {
        try {
            return StandInControl.devices(new NativeLibrary(NativeLibraries.CUDA.description())) > 0;
        } catch (MissingLibraryException absent) {
            return false;
        }
    }

    private static Optional<Path> sources() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null) {
            Path candidate = folder.resolve("runtime/src/test/standin");
            if (Files.isDirectory(candidate)) {
                return Optional.of(candidate);
            }
            folder = folder.getParent();
        }
        return Optional.empty();
    }

    private static Stream<Path> toolkits() {
        Stream<Path> named = Stream.of("CUDA_HOME", "CUDA_PATH").map(System.getenv()::get)
                .filter(value -> value != null && !value.isEmpty()).map(Path::of);
        Path local = Path.of("/usr/local");
        Stream<Path> installed = list(local).stream()
                .filter(folder -> folder.getFileName().toString().startsWith("cuda"));
        return Stream.concat(named, installed).map(toolkit -> toolkit.resolve("include"));
    }

    private static Stream<Path> wheels() {
        Stream<Path> active = Stream.ofNullable(System.getenv("VIRTUAL_ENV")).map(Path::of);
        Stream<Path> here = sources().stream().map(folder -> module().resolveSibling(".venv"));
        return Stream.concat(active, here).flatMap(environment -> list(environment.resolve("lib")).stream())
                .flatMap(python -> list(python.resolve("site-packages/nvidia")).stream())
                .map(part -> part.resolve("include"));
    }

    private static int version(Path header) {
        if (!Files.isRegularFile(header)) {
            return 0;
        }
        try {
            Matcher version = VERSION.matcher(Files.readString(header));
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException unreadable) {
            return 0;
        }
    }

    private static List<Path> list(Path folder) {
        Path[] files = folder.toFile().isDirectory() ? children(folder) : new Path[0];
        Arrays.sort(files);
        return List.of(files);
    }

    private static Path[] children(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toArray(Path[]::new);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
