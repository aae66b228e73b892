package dev.culebra.bindings;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The active conda environment, by {@code CONDA_PREFIX}. */
public record CondaEnvironment() implements FolderSource {

    @Override
    public List<Folder> folders(Surroundings surroundings) {
        return Folders.existing(surroundings.variablePath("CONDA_PREFIX").stream()
                .flatMap(prefix -> libraryFolders(prefix, surroundings.platform()))
                .map(path -> new Folder(path, "conda environment")));
    }

    @Override
    public String nothing() {
        return "conda: no environment is active (CONDA_PREFIX)";
    }

    private static Stream<Path> libraryFolders(Path prefix, Platform platform) {
        return platform.system() == Platform.System.WINDOWS
                ? Stream.of(prefix.resolve("Library/bin"), prefix.resolve("Library/bin/x64"))
                : Stream.concat(Stream.of(prefix.resolve("lib")), CudaToolkit.targetFolders(prefix, platform));
    }
}
