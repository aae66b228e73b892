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
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.files.AppendedFile;
import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.files.WholeFile;

/**
 * The file {@code metrics.jsonl}: events in their order, one JSON object a line. Each line is in the file as soon as
 * its event was heard, whole or not at all. While it is open no other process can write to it.
 */
final class MetricsFile implements RunListener {
    private final Path file;
    private final FileChannel channel;
    private final AppendedFile appended;

    /**
     * Opens the file for appending to what is there.
     *
     * @throws BadInputException if another process writes to it
     * @throws dev.culebra.experiments.failure.RunFailedException if it cannot be written
     */
    MetricsFile(Path file) {
        this.file = file;
        try {
            this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            try {
                lock();
                channel.position(channel.size());
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            this.appended = new AppendedFile(file, channel);
        } catch (IOException e) {
            throw WholeFile.failure(file, e);
        }
    }

    /**
     * Forgets all but the first events, as a run does that continues from an earlier checkpoint.
     *
     * @param count how many of the {@linkplain #events() events that the file holds} are kept
     */
    void keep(int count) {
        try {
            byte[] bytes = content();
            int end = 0;
            for (int line = 0; line < count; line++) {
                end = lineEnd(bytes, end) + 1;
            }
            channel.truncate(end);
            channel.position(end);
        } catch (IOException e) {
            throw WholeFile.failure(file, e);
        }
    }

    /**
     * The events that the file holds.
     *
     * @throws BadInputException if the file is damaged
     */
    List<Event> events() {
        try {
            return read(file, content());
        } catch (IOException e) {
            throw unreadable(file, e);
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
        while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {
            // A read may bring less than there is.
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /**
     * All whole events of a file; what a crash left behind its last line is no event.
     *
     * @throws BadInputException if the file is damaged
     */
    static List<Event> read(Path file) {
        try {
            return read(file, Files.exists(file) ? Files.readAllBytes(file) : new byte[0]);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static List<Event> read(Path file, byte[] bytes) throws IOException {
        List<Event> events = new ArrayList<>();
        int start = 0;
        for (int end = lineEnd(bytes, 0); end < bytes.length; end = lineEnd(bytes, start)) {
            events.add(event(file, events.size() + 1, bytes, start, end - start));
            start = end + 1;
        }
        return events;
    }

    /** Where the line that begins at {@code start} ends; the length of all where its end is missing. */
    private static int lineEnd(byte[] bytes, int start) {
        int end = start;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    private static Event event(Path file, int line, byte[] bytes, int start, int length) throws IOException {
        String damaged = file + ": line " + line
                + " is no event of a run; restore the file, or start a new run in another "
                + "--run-dir";
        try {
            return Optional.ofNullable(Json.mapper().readValue(bytes, start, length, Event.class))
                    .orElseThrow(() -> new BadInputException(damaged));
        } catch (JsonProcessingException e) {
            throw new BadInputException(damaged, e);
        }
    }

    private static BadInputException unreadable(Path file, IOException cause) {
        return new BadInputException(file + " cannot be read (" + cause.getMessage() + "); check its permissions",
                cause);
    }

    @Override
    public void event(Event event) {
        appended.append(ByteBuffer.wrap((JsonDisplay.line(event) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        appended.close();
    }
}
