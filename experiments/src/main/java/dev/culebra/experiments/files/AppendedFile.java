package dev.culebra.experiments.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A file to which records are appended, each whole or not at all.
 *
 * @param file for messages
 * @param channel open for writing, at the file's end; this owns it
 */
public record AppendedFile(Path file, FileChannel channel) implements AutoCloseable {
    /**
     * Appends a record.
     *
     * @throws dev.culebra.experiments.failure.RunFailedException if it cannot be written; the file is as before then
     */
    public void append(ByteBuffer record) {
        try {
            long end = channel.position();
            try {
                while (record.hasRemaining()) {
                    channel.write(record);
                }
            } catch (IOException e) {
                channel.truncate(end);
                throw e;
            }
        } catch (IOException e) {
            throw WholeFile.failure(file, e);
        }
    }

    /** Closes the file; a second call does nothing. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw WholeFile.failure(file, e);
        }
    }
}
