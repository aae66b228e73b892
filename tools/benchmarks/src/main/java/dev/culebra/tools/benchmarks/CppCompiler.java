package dev.culebra.tools.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The machine's C++ compiler, g++. */
public final class CppCompiler {
    private CppCompiler() {}

    /** Whether there is one. */
    public static boolean isHere() {
        try {
            return Subprocess.run(List.of("g++", "--version")).exitCode() == 0;
        } catch (UncheckedIOException absent) {
            return false;
        }
    }

    /**
     * Compiles one source; the result appears whole or not at all, so that several processes may do the same.
     *
     * @throws IllegalStateException with the compiler's message, if it fails
     */
    public static void compile(Path source, Path result, List<String> options) {
        try {
            Files.createDirectories(result.toAbsolutePath().getParent());
            Path work = Files.createTempFile(result.toAbsolutePath().getParent(), "compiling", "");
            try {
                List<String> command = new ArrayList<>(List.of("g++", "-std=c++17", "-O2", "-Wall", "-Wextra"));
                command.addAll(options);
                command.addAll(List.of(source.toString(), "-o", work.toString(), "-ldl"));
                Subprocess.Result compiled = Subprocess.run(command);
                if (compiled.exitCode() != 0) {
                    throw new IllegalStateException(String.join(" ", command) + ": " + compiled.output());
                }
                Files.move(work, result, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(work);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
