package dev.culebra.bindings;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.culebra.testing.AnotherJvm;
import dev.culebra.testing.MadeLibrary;

/**
 * A machine made up in a folder: tiny libraries under NVIDIA's names, and the search for them in a process of its own, since
 * what is loaded stays. The process sees no environment variable but those that are set here.
 */
final class MadeMachine {
    private final Path root;
    private final Map<String, String> variables = new HashMap<>();
    private final List<String> options = new ArrayList<>();
    private final List<String> prefix = new ArrayList<>();
    private String classPath = folderOf(NativeLibrary.class) + File.pathSeparator + folderOf(SearchMain.class);

    /** A machine without libraries, whose {@code /} is {@code root}. */
    MadeMachine(Path root) throws IOException {
        this.root = root;
        option("-Duser.home=" + Files.createDirectories(root.resolve("home/user")));
    }

    /** A place on the machine. */
    Path path(String place) {
        return root.resolve(place);
    }

    /** Sets an environment variable. */
    MadeMachine variable(String name, Object value) {
        variables.put(name, value.toString());
        return this;
    }

    /** Adds an option of the virtual machine. */
    MadeMachine option(String option) {
        options.add(option);
        return this;
    }

    /** A library that needs no other: its functions {@code made} and {@code part} return {@code value}. */
    Path library(String file, int value) throws IOException, InterruptedException {
        return MadeLibrary.compile(path(file),
                "int part(void) { return %1$d; } int made(void) { return %1$d; }".formatted(value));
    }

    /** A library that needs another in its folder when it is loaded: {@code made} adds the other's {@code part}. */
    Path libraryNeeding(String needed, String file, int value) throws IOException, InterruptedException {
        return MadeLibrary.compile(path(file),
                "int part(void); int made(void) { return %d + part(); }".formatted(value),
                "-Wl,-rpath,$ORIGIN", "-L" + path(file).getParent(), "-l:" + needed);
    }

    /** A library that loads another by its name alone when {@code made} is called, and adds the other's {@code part}. */
    Path libraryOpening(String opened, String file, int value) throws IOException, InterruptedException {
        return MadeLibrary.compile(path(file), """
                #include <dlfcn.h>
                int made(void) {
                    void *other = dlopen("%s", RTLD_LAZY);
                    return other ? %d + ((int (*)(void)) dlsym(other, "part"))() : -1;
                }
                """.formatted(opened, value), "-Wl,-rpath,$ORIGIN");
    }

    /** cuBLAS with its cuBLASLt: {@code made} returns the sum of both values. */
    void cublas(String folder, int major, int value, int valueOfLt) throws IOException, InterruptedException {
        library(folder + "/libcublasLt.so." + major, valueOfLt);
        libraryNeeding("libcublasLt.so." + major, folder + "/libcublas.so." + major, value);
    }

    /** Lets the search run as a user without root's rights. */
    MadeMachine unprivileged() throws IOException {
        Path classes = Files.createDirectories(root.resolve("classes/dev/culebra/bindings"));
        for (Path original : List.of(folderOf(NativeLibrary.class), folderOf(SearchMain.class))) {
            try (Stream<Path> files = Files.list(original.resolve("dev/culebra/bindings"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, classes.resolve(file.getFileName()));
                }
            }
        }
        classPath = root.resolve("classes").toString();
        root.toFile().setReadable(true, false);
        root.toFile().setExecutable(true, false);
        if (System.getProperty("user.name").equals("root")) {
            prefix.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        return this;
    }

    /**
     * Looks for libraries, one after the other in one process.
     *
     * @param keys their keys
     * @return what {@link SearchMain} prints, with {@code /} for the root
     */
    List<String> search(String... keys) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, SearchMain.class.getName(), root.toString()));
        command.addAll(List.of(keys));
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.resolve("home/user").toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(variables);
        return AnotherJvm.output(builder).replace(root + "/", "/").lines().toList();
    }

    private static Path folderOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
