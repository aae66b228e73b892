package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.culebra.tools.bindgen.clang.LibClang;

/**
 * What parses headers: libclang, and the headers of a C compiler, because libclang's wheel comes without its own.
 *
 * @param clang the library
 * @param systemFolders where the compiler's and the C library's headers are
 */
record Toolchain(LibClang clang, List<Path> systemFolders) {
    private static final String COMPILER = "gcc";

    /**
     * Finds both.
     *
     * @throws MissingToolException if one of them is missing
     */
    static Toolchain find() throws MissingToolException {
        List<String> tried = new ArrayList<>();
        Path library = findLibClang(tried).orElseThrow(() -> new MissingToolException(
                "libclang was not found; tried " + String.join(", ", tried) + "; to install it: pip install libclang"));
        return new Toolchain(LibClang.load(library), compilerFolders());
    }

    private static Optional<Path> findLibClang(List<String> tried) {
        String configured = System.getProperty("culebra.libclang.path", "");
        tried.add("-Dculebra.libclang.path");
        if (!configured.isEmpty()) {
            return Optional.of(Path.of(configured));
        }
        for (Path packages : PythonPackages.folders()) {
            tried.add(packages.toString());
            Path library = packages.resolve("clang/native/libclang.so");
            if (Files.exists(library)) {
                return Optional.of(library);
            }
        }
        tried.add("/usr/lib/llvm-*");
        return PythonPackages.match(Path.of("/usr/lib"), "llvm-*", "lib", "libclang{.so,-[0-9]*.so*}");
    }

    /** The folders that the compiler searches, as it lists them itself. */
    private static List<Path> compilerFolders() throws MissingToolException {
        String listing = output(COMPILER, "-E", "-v", "-xc", "/dev/null").orElseThrow(() -> new MissingToolException(
                COMPILER + " was not found; its headers are needed; to install it: apt-get install gcc libc6-dev"));
        return listing.lines().dropWhile(line -> !line.startsWith("#include <...>")).skip(1)
                .takeWhile(line -> line.startsWith(" ")).map(line -> Path.of(line.strip())).toList();
    }

    /** What a program prints, if there is such a program and it succeeds. */
    static Optional<String> output(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
        } catch (IOException missing) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
