package dev.culebra.experiments.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.files.WholeFile;

/**
 * The file {@code metrics.jsonl}: events in their order, one JSON object a line. Each line is in the file as soon as
 * its event was heard, whole or not at all. While it is open no other process can write to it.
 */
final class MetricsFile implements RunListener {
    private final Path file;
    private final FileChannel channel;

    /**
     * Opens the file for appending.
     *
     * @param kept whether an event that the file holds already is kept; the first one that is not and all after it are
     *     forgotten, as by a run that continues from an earlier checkpoint
     * @throws BadInputException if another process writes to it
     * @throws dev.culebra.experiments.failure.RunFailedException if it cannot be written
     */
    MetricsFile(Path file, Predicate<Event> kept) {
        this.file = file;
        try {
            this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            try {
                lock();
                channel.truncate(readWhile(file, content(), kept));
                channel.position(channel.size());
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw WholeFile.failure(file, e);
        }
    }

    private void lock() throws IOException {
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // This very process writes to it: refused like any other.
        }
        if (lock == null) {
            throw new BadInputException("another run is writing to " + file + "; wait for it, or choose another folder "
                    + "with --run-dir");
        }
    }

    /** Read through the locked channel: on POSIX systems, closing any other one on the file ends the lock. */
    private byte[] content() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // A read may bring less than there is.
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** All whole events of a file; what a crash left behind the end of its last line is no event. */
    static List<Event> read(Path file) {
        List<Event> events = new ArrayList<>();
        try {
            readWhile(file, Files.exists(file) ? Files.readAllBytes(file) : new byte[0], event -> {
                events.add(event);
                return true;
            });
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return events;
    }

    /** Hands events to {@code wanted} until it refuses one; returns where the last one taken ends, in bytes. */
    private static long readWhile(Path file, byte[] bytes, Predicate<Event> wanted) {
        int end = 0;
        try {
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    if (!wanted.test(Json.mapper().readValue(bytes, end, i - end, Event.class))) {
                        return end;
                    }
                    end = i + 1;
                }
            }
        } catch (JsonProcessingException e) {
            // A line that a crash left behind.
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return end;
    }

    private static BadInputException unreadable(Path file, IOException cause) {
        return new BadInputException(file + " cannot be read (" + cause.getMessage() + "); check its permissions",
                cause);
    }

    @Override
    public void event(Event event) {
        byte[] line = (JsonDisplay.line(event) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            long end = channel.position();
            try {
                writeAll(line);
            } catch (IOException e) {
                channel.truncate(end);
                throw e;
            }
        } catch (IOException e) {
            throw WholeFile.failure(file, e);
        }
    }

    private void writeAll(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw WholeFile.failure(file, e);
        }
    }
}
