package dev.culebra.experiments.prepare;

import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import dev.culebra.experiments.data.SplitName;
import dev.culebra.experiments.failure.BadInputException;

/**
 * WikiText's files, {@code wiki.{train,valid,test}.{raw,tokens}} and the same with {@code .gz}, in a folder or a zip archive,
 * or in a folder of it.
 */
final class SourceText implements AutoCloseable {
    private static final int DEPTH = 2;

    private final Path place;
    private final Path root;
    private final Optional<FileSystem> archive;

    private SourceText(Path place, Path root, Optional<FileSystem> archive) {
        this.place = place;
        this.root = root;
        this.archive = archive;
    }

    /**
     * Opens a folder or an archive.
     *
     * @throws BadInputException if it is neither
     */
    static SourceText open(Path place) {
        if (Files.isDirectory(place)) {
            return new SourceText(place, place, Optional.empty());
        }
        if (!Files.exists(place)) {
            throw new BadInputException(place + " does not exist; --from names a folder or a zip archive with "
                    + "wiki.train.raw and so on");
        }
        try {
            FileSystem zip = FileSystems.newFileSystem(place);
            return new SourceText(place, zip.getPath("/"), Optional.of(zip));
        } catch (IOException | RuntimeException e) {
            throw new BadInputException(place + " is neither a folder nor a zip archive (" + e.getMessage()
                    + "); unpack it, and name the folder with --from", e);
        }
    }

    /** The file of a split, if there is one. */
    Optional<Path> file(SplitName split) {
        String stem = "wiki." + (split == SplitName.VALIDATION ? "valid" : split.toString());
        List<String> names = List.of(stem + ".raw", stem + ".raw.gz", stem + ".tokens", stem + ".tokens.gz");
        try (Stream<Path> files = Files.walk(root, DEPTH)) {
            List<Path> found = files.filter(Files::isRegularFile).toList();
            return names.stream()
                    .flatMap(name -> found.stream().filter(file -> file.getFileName().toString().equals(name)))
                    .findFirst();
        } catch (IOException e) {
            throw unreadable(place, e);
        }
    }

    /** Somebody who is given lines. */
    interface Lines {
        /**
         * The next lines without blanks around them, none of them blank.
         *
         * @param bytesRead how much of the file was read so far, as it lies there
         */
        void accept(List<String> lines, long bytesRead);
    }

    /**
     * Reads a file of {@link #file} in portions.
     *
     * @throws BadInputException if it cannot be read or is not UTF-8
     */
    static void read(Path file, int linesAtOnce, Lines lines) {
        try (Counted counted = new Counted(Files.newInputStream(file));
                BufferedReader reader = new BufferedReader(new InputStreamReader(unpacked(file, counted),
                        StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT)))) {
            List<String> portion = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String stripped = line.strip();
                if (!isBlank(stripped)) {
                    portion.add(stripped);
                }
                if (portion.size() == linesAtOnce) {
                    lines.accept(List.copyOf(portion), counted.bytes);
                    portion.clear();
                }
            }
            lines.accept(portion, counted.bytes);
        } catch (MalformedInputException e) {
            throw new BadInputException(file + " is not text in UTF-8; fetch it anew", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static InputStream unpacked(Path file, InputStream in) throws IOException {
        return file.getFileName().toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
    }

    /** Blank as Python's {@code str.strip} sees it, for whom no-break spaces are blank too. */
    private static boolean isBlank(String line) {
        return line.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85);
    }

    private static BadInputException unreadable(Path file, IOException cause) {
        String what = cause instanceof ZipException ? "is damaged" : "cannot be read";
        return new BadInputException(file + " " + what + " (" + cause.getMessage() + "); fetch it anew", cause);
    }

    @Override
    public void close() {
        if (archive.isPresent()) {
            try {
                archive.get().close();
            } catch (IOException e) {
                throw unreadable(place, e);
            }
        }
    }

    /** Counts what is read. */
    private static final class Counted extends FilterInputStream {
        private long bytes;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            bytes += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            bytes += Math.max(count, 0);
            return count;
        }
    }
}
