package dev.culebra.bindings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folders into which pip installs, found without starting Python. */
final class PythonEnvironments {
    private PythonEnvironments() {}

    /** The {@code site-packages} of all environments, those that somebody chose first. */
    static List<FolderSource.Folder> sitePackages(Surroundings surroundings) {
        List<FolderSource.Folder> sites = new ArrayList<>();
        named(surroundings).ifPresent(named -> sitesOf(named.path())
                .forEach(site -> sites.add(new FolderSource.Folder(site, named.how()))));
        surroundings.variablePath("VIRTUAL_ENV").ifPresent(path -> add(sites, path, "of VIRTUAL_ENV"));
        for (Path folder = surroundings.workingFolder(); folder != null; folder = folder.getParent()) {
            add(sites, folder.resolve(".venv"), "of .venv");
        }
        surroundings.variablePaths("PYTHONPATH")
                .forEach(path -> sites.add(new FolderSource.Folder(path, "of PYTHONPATH")));
        surroundings.variablePath("CONDA_PREFIX").ifPresent(path -> add(sites, path, "of the conda environment"));
        onPath(surroundings).forEach(path -> add(sites, path, "of python on PATH"));
        add(sites, userBase(surroundings), "of the user");
        add(sites, surroundings.below("usr/local"), "of the system");
        add(sites, surroundings.below("usr"), "of the system");
        return Folders.existing(sites.stream());
    }

    private static Optional<FolderSource.Folder> named(Surroundings surroundings) {
        return surroundings.propertyPath("culebra.python")
                .map(path -> new FolderSource.Folder(path, "named by -Dculebra.python"))
                .or(() -> surroundings.variablePath("CULEBRA_PYTHON")
                        .map(path -> new FolderSource.Folder(path, "named by CULEBRA_PYTHON")));
    }

    /** A named path may be an environment, its {@code site-packages}, or its Python. */
    private static Stream<Path> sitesOf(Path named) {
        if (Files.isRegularFile(named)) {
            return environmentOf(named).stream().flatMap(PythonEnvironments::sites);
        }
        return Files.isDirectory(named.resolve("nvidia")) ? Stream.of(named) : sites(named);
    }

    private static void add(List<FolderSource.Folder> sites, Path environment, String how) {
        sites(environment).forEach(site -> sites.add(new FolderSource.Folder(site, how)));
    }

    private static Stream<Path> sites(Path environment) {
        Stream<Path> versions = Stream.of("lib", "lib64").map(environment::resolve)
                .flatMap(lib -> Folders.newestFirst(lib, "python3*").stream());
        Stream<Path> unix = versions
                .flatMap(version -> Stream.of(version.resolve("site-packages"), version.resolve("dist-packages")));
        Stream<Path> windows = Stream.concat(Stream.of(environment),
                Folders.newestFirst(environment, "Python3*").stream())
                .flatMap(base -> Stream.of(base.resolve("Lib/site-packages"), base.resolve("site-packages")));
        return Stream.concat(unix, windows);
    }

    private static Path userBase(Surroundings surroundings) {
        return surroundings.variablePath("PYTHONUSERBASE").orElseGet(
                () -> surroundings.platform().system() == Platform.System.WINDOWS
                        ? surroundings.home().resolve("AppData/Roaming/Python")
                        : surroundings.home().resolve(".local"));
    }

    private static List<Path> onPath(Surroundings surroundings) {
        String name = surroundings.platform().system() == Platform.System.WINDOWS ? "python.exe" : "python3";
        return surroundings.variablePaths("PATH").stream().map(folder -> folder.resolve(name))
                .filter(Files::isRegularFile).findFirst()
                .map(python -> python.getParent().endsWith("shims")
                        ? pyenv(python.getParent().resolveSibling("versions"), surroundings)
                        : environmentOf(python))
                .orElse(List.of());
    }

    /** pyenv puts a script in the place of Python: its choice is in a variable or a file, and there may be several. */
    private static List<Path> pyenv(Path versions, Surroundings surroundings) {
        return surroundings.variable("PYENV_VERSION").or(() -> Folders.text(versions.resolveSibling("version")))
                .map(chosen -> Stream.of(chosen.split("[:\\s]+")).filter(name -> !name.isEmpty())
                        .map(versions::resolve).toList())
                .orElseGet(() -> Folders.newestFirst(versions, "3*"));
    }

    /** A virtual environment's Python is a link out of it, which is not followed then. */
    private static List<Path> environmentOf(Path python) {
        Path beside = python.toAbsolutePath().normalize().getParent();
        boolean virtual = Files.exists(beside.resolveSibling("pyvenv.cfg"));
        Path folder = virtual ? beside : Folders.real(python).getParent();
        return Stream.of(folder, folder.getParent()).filter(path -> path != null).toList();
    }
}
