package dev.culebra.bindings;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The CUDA toolkit: where {@code CUDA_HOME} and {@code CUDA_PATH} say, and in the usual places, of which the newest comes
 * first.
 */
public record CudaToolkit() implements FolderSource {

    @Override
    public List<Folder> folders(Surroundings surroundings) {
        return Folders.existing(installations(surroundings).flatMap(installation -> libraryFolders(
                installation.path(), surroundings.platform()).map(path -> new Folder(path, installation.how()))));
    }

    @Override
    public String nothing() {
        return "CUDA toolkit: none, neither by CUDA_HOME or CUDA_PATH nor in the usual places";
    }

    private static Stream<Folder> installations(Surroundings surroundings) {
        Stream<Folder> named = Stream.of("CUDA_HOME", "CUDA_PATH")
                .flatMap(variable -> surroundings.variablePath(variable).stream()
                        .map(path -> new Folder(path, "CUDA toolkit of " + variable)));
        Stream<Path> usual = surroundings.platform().system() == Platform.System.WINDOWS
                ? Folders.newestFirst(
                        surroundings.below("Program Files/NVIDIA GPU Computing Toolkit/CUDA"), "v*").stream()
                : Stream.concat(Folders.newestFirst(surroundings.below("usr/local"), "cuda*").stream(),
                        Stream.of(surroundings.below("opt/cuda")));
        return Stream.concat(named, usual.map(path -> new Folder(path, "CUDA toolkit")));
    }

    private static Stream<Path> libraryFolders(Path installation, Platform platform) {
        return platform.system() == Platform.System.WINDOWS
                ? Stream.of(installation.resolve("bin/x64"), installation.resolve("bin"))
                : Stream.concat(Stream.of(installation.resolve("lib64"), installation.resolve("lib")),
                        targetFolders(installation, platform));
    }

    /** The folders of a toolkit or conda environment that are for one processor. */
    static Stream<Path> targetFolders(Path installation, Platform platform) {
        List<String> targets = platform.processor().equals("arm64")
                ? List.of("sbsa-linux", "aarch64-linux")
                : List.of(platform.processor() + "-linux");
        return targets.stream().map(target -> installation.resolve("targets").resolve(target).resolve("lib"));
    }
}
