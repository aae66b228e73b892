package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
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
        for (Path environment : virtualEnvironments()) {
            tried.add(environment.toString());
            Optional<Path> found = match(environment, "lib", "python*", "site-packages", "clang", "native",
                    "libclang.so");
            if (found.isPresent()) {
                return found;
            }
        }
        tried.add("python3's package clang");
        Optional<Path> imported = output("python3", "-c",
                "import importlib.util as u; print(u.find_spec('clang').submodule_search_locations[0])")
                .map(line -> Path.of(line.strip(), "native", "libclang.so")).filter(Files::exists);
        tried.add("/usr/lib/llvm-*");
        return imported.or(() -> match(Path.of("/usr/lib"), "llvm-*", "lib", "libclang{.so,-[0-9]*.so*}"));
    }

    /** The active one, and {@code .venv} of this folder and of those above it. */
    private static List<Path> virtualEnvironments() {
        List<Path> environments = new ArrayList<>();
        Optional.ofNullable(System.getenv("VIRTUAL_ENV")).map(Path::of).ifPresent(environments::add);
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            environments.add(folder.resolve(".venv"));
        }
        return environments.stream().filter(Files::isDirectory).toList();
    }

    /** The last path, in their order, that fits a pattern for each step below a folder. */
    private static Optional<Path> match(Path folder, String... steps) {
        List<Path> reached = List.of(folder);
        for (String step : steps) {
            List<Path> next = new ArrayList<>();
            for (Path path : reached) {
                try (DirectoryStream<Path> children = Files.newDirectoryStream(path, step)) {
                    children.forEach(next::add);
                } catch (IOException | DirectoryIteratorException unreadable) {
                    continue;
                }
            }
            reached = next;
        }
        return reached.stream().max(Comparator.naturalOrder());
    }

    /** The folders that the compiler searches, as it lists them itself. */
    private static List<Path> compilerFolders() throws MissingToolException {
        String listing = output(COMPILER, "-E", "-v", "-xc", "/dev/null").orElseThrow(() -> new MissingToolException(
                COMPILER + " was not found; its headers are needed; to install it: apt-get install gcc libc6-dev"));
        return listing.lines().dropWhile(line -> !line.startsWith("#include <...>")).skip(1)
                .takeWhile(line -> line.startsWith(" ")).map(line -> Path.of(line.strip())).toList();
    }

    private static Optional<String> output(String... command) {
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
