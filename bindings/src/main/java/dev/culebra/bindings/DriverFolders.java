package dev.culebra.bindings;

import java.util.List;
import java.util.stream.Stream;

/** Where the driver's libraries are on systems that do not tell the dynamic linker: WSL, NixOS, some containers. */
public record DriverFolders() implements FolderSource {

    @Override
    public List<Folder> folders(Surroundings surroundings) {
        return Folders.existing(Stream.of(new Folder(surroundings.below("usr/lib/wsl/lib"), "driver of Windows in WSL"),
                new Folder(surroundings.below("run/opengl-driver/lib"), "driver of NixOS"),
                new Folder(surroundings.below("usr/local/nvidia/lib64"), "driver of the container's host"),
                new Folder(surroundings.below("usr/lib64-nvidia"), "driver of the container's host"),
                new Folder(surroundings.below("Program Files/NVIDIA Corporation/NVSMI"), "driver of Windows")));
    }

    @Override
    public String nothing() {
        return "no folder of a driver, as in WSL, NixOS and some containers";
    }
}
