package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The folders {@code site-packages} in which pip may have put vendors' headers and libraries. */
final class PythonPackages {
    /** The property that names one, as {@code pip install --target} makes them. */
    static final String PROPERTY = "culebra.wheels.path";

    private PythonPackages() {}

    /**
     * That of the property {@value #PROPERTY}, of the active virtual environment, of {@code .venv} in this folder and
     * in those above it, and of {@code python3}, in this order.
     */
    static List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        Optional.of(System.getProperty(PROPERTY, "")).filter(path -> !path.isEmpty()).map(Path::of)
                .ifPresent(folders::add);
        for (Path environment : virtualEnvironments()) {
            match(environment, "lib", "python*", "site-packages").ifPresent(folders::add);
        }
        Toolchain.output("python3", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
                .map(line -> Path.of(line.strip())).ifPresent(folders::add);
        return folders.stream().filter(Files::isDirectory).distinct().toList();
    }

    /** The last path, in their order, that fits a pattern for each step below a folder. */
    static Optional<Path> match(Path folder, String... steps) {
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

    private static List<Path> virtualEnvironments() {
        List<Path> environments = new ArrayList<>();
        Optional.ofNullable(System.getenv("VIRTUAL_ENV")).map(Path::of).ifPresent(environments::add);
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            environments.add(folder.resolve(".venv"));
        }
        return environments;
    }
}
