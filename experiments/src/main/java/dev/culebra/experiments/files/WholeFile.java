package dev.culebra.experiments.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;

import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.nn.checkpoint.AtomicFile;

/** Writes files that appear whole or not at all, and says what to do if they cannot be written. */
public final class WholeFile {
    private WholeFile() {}

    /** What fills the file. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything; the stream is buffered, and closed by the caller. */
        void writeTo(OutputStream stream) throws IOException;
    }

    /**
     * Writes {@code file}, replacing what was there. Whatever fails, the old file stays and no new one is left behind.
     *
     * @throws RunFailedException if it cannot be written
     */
    public static void write(Path file, Content content) {
        try {
            AtomicFile.write(file, channel -> {
                OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                content.writeTo(stream);
                stream.flush();
            });
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /** The failure to report when {@code file} could not be written. */
    public static RunFailedException failure(Path file, IOException cause) {
        return new RunFailedException("cannot write " + file + " (" + AtomicFile.reason(cause)
                + "); free space there, or choose a folder that can be written", cause);
    }
}
