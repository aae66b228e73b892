package dev.culebra.experiments.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.culebra.bindings.UserCache;
import dev.culebra.experiments.files.WholeFile;

/** Where downloads are kept, so that the next time needs no network. */
final class Downloads {
    private Downloads() {}

    /** A folder of them, made if it is not there. */
    static Path folder(String kind) {
        Path folder = UserCache.folder("downloads").resolve(kind);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw WholeFile.failure(folder, e);
        }
    }
}
