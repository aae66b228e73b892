package dev.culebra.bindings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * NVIDIA's wheels, as pip installs them, in Python environments found without starting Python: the one that is named, the
 * active ones, {@code .venv} in the working folder or above it, that of {@code python3} on {@code PATH}, the user's and
 * the system's.
 *
 * <p>
 * Each wheel has a folder of libraries: {@code nvidia/cublas/lib} in older ones, {@code nvidia/cu13/lib} in newer.
 */
public record PythonWheels() implements FolderSource {

    @Override
    public List<Folder> folders(Surroundings surroundings) {
        Stream<Folder> sites = PythonEnvironments.sitePackages(surroundings).stream();
        return Folders.existing(sites.flatMap(site -> wheels(site.path())
                .flatMap(wheel -> libraryFolders(wheel, surroundings.platform()))
                .map(path -> new Folder(path, "pip wheel " + site.how()))));
    }

    @Override
    public String nothing() {
        return "pip wheels: none in any Python environment that is active, named by -Dculebra.python or "
                + "CULEBRA_PYTHON, or here as .venv";
    }

    /** The folders of one CUDA version each come first, the newest of them before the others. */
    private static Stream<Path> wheels(Path site) {
        Path nvidia = site.resolve("nvidia");
        return Files.isDirectory(nvidia)
                ? Stream.concat(Folders.newestFirst(nvidia, "cu[0-9]*").stream(),
                        Folders.matching(nvidia, "*").stream()).distinct()
                : Stream.of();
    }

    private static Stream<Path> libraryFolders(Path wheel, Platform platform) {
        return platform.system() == Platform.System.WINDOWS
                ? Stream.of(wheel.resolve("bin/x86_64"), wheel.resolve("bin"))
                : Stream.of(wheel.resolve("lib"));
    }
}
