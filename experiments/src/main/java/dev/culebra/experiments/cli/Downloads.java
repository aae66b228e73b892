package dev.culebra.experiments.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

import dev.culebra.experiments.files.DownloadFolder;
import dev.culebra.experiments.files.WholeFile;
import dev.culebra.experiments.prepare.Checksum;
import dev.culebra.experiments.prepare.Download;
import dev.culebra.experiments.prepare.DownloadOptions;
import dev.culebra.experiments.prepare.PreparationListener;
import dev.culebra.experiments.run.Interruption;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Downloads that are kept, so that the next time needs no network.
 *
 * @param interruption asks them to stop
 * @param listener hears how far they are
 * @param instead the option that names a copy on this machine, for messages
 */
record Downloads(Interruption interruption, PreparationListener listener, String instead) {
    /** A folder of them, made if it is not there. */
    static Path folder(String kind) {
        Path folder = DownloadFolder.of(kind);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw WholeFile.failure(folder, e);
        }
    }

    /** The last part of an address: its file's name. */
    static String name(URI source) {
        return Path.of(source.getPath()).getFileName().toString();
    }

    /** The file of an address, fetched unless it was before: no checksum tells whether it is still the same. */
    Path fetchOnce(URI source, String kind) {
        // Files of different addresses are often called the same.
        Path folder = folder(kind + "/" + UUID.nameUUIDFromBytes(source.toString().getBytes(UTF_8)));
        Path kept = folder.resolve(name(source));
        return Files.exists(kept) ? kept : fetch(source, Optional.empty(), folder, name(source));
    }

    /** Fetches a file to a folder, and returns where it is. */
    Path fetch(URI source, Optional<Checksum> checksum, Path folder, String name) {
        Path target = folder.resolve(name);
        new Download(source, checksum, target, DownloadOptions.of(interruption, instead), listener).run();
        return target;
    }
}
