package dev.culebra.experiments.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

import dev.culebra.experiments.failure.BadInputException;

/**
 * Reads numpy's {@code .npz} archives: a zip file, stored or deflated, of {@code .npy} arrays.
 *
 * <p>Whatever is wrong with a file ends in a {@link BadInputException} that names the file, the array and what to do.
 * Python objects are never unpickled. Arrays are decoded as they stream in.
 */
public final class NpzReader implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int PIECE = 1 << 16;

    private final Path file;
    private final ZipFile zip;

    /**
     * Opens an archive.
     *
     * @throws BadInputException if it is missing, unreadable, or no zip file
     */
    public NpzReader(Path file) {
        this.file = file;
        try {
            this.zip = new ZipFile(requireReadable(file).toFile());
        } catch (ZipException e) {
            throw new BadInputException(file + " is damaged or no .npz archive (" + e.getMessage()
                    + "); copy or make it again", e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static Path requireReadable(Path file) {
        if (!Files.exists(file)) {
            throw new BadInputException(file + " does not exist; check the path");
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new BadInputException(file + " is not a file that can be read; check the path and its permissions");
        }
        return file;
    }

    /** The file this reads. */
    public Path file() {
        return file;
    }

    /** The names of all arrays, in the archive's order. */
    public List<String> names() {
        return zip.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".npy"))
                .map(name -> name.substring(0, name.length() - ".npy".length())).toList();
    }

    /**
     * An array of whole numbers, of any integer type.
     *
     * @throws BadInputException if it is missing, damaged, not of integers, or holds a number beyond 32 signed bits
     */
    public IntArray readInts(String name) {
        return read(name, (header, elements) -> {
            if (!header.type().isInteger()) {
                throw new NpyHeader.Unusable("holds " + header.type()
                        + " numbers where integers are needed; save array.astype('int32') instead");
            }
            int[] values = new int[elements.count];
            for (int i = 0; i < values.length; i++) {
                try {
                    values[i] = Math.toIntExact(header.type().getInteger(elements.next()));
                } catch (ArithmeticException e) {
                    throw new NpyHeader.Unusable("holds a number at index " + i
                            + " that does not fit 32 signed bits; save smaller numbers");
                }
            }
            return new IntArray(header.shape(), values);
        });
    }

    /**
     * The sizes of an array's axes, outermost first; its elements are not looked at, but that there are enough.
     *
     * @throws BadInputException if it is missing, not an array, or too short
     */
    public List<Integer> shape(String name) {
        ZipEntry entry = entry(name);
        return attempt(name, () -> {
            try (InputStream stream = new BufferedInputStream(zip.getInputStream(entry))) {
                NpyHeader header = NpyHeader.read(stream);
                Elements.count(header, entry.getSize());
                return header.shape();
            }
        });
    }

    /** Takes an array, a piece after the other. */
    @FunctionalInterface
    public interface FloatPieces {
        /**
         * The next piece.
         *
         * @param offset of its first element in the array, row-major
         * @param values its elements; overwritten afterwards
         */
        void take(long offset, float[] values);
    }

    /**
     * Reads an array of numbers of any type, rounded to single precision where it is wider.
     *
     * @throws BadInputException if it is missing or damaged; pieces of it were taken by then
     */
    public void readFloats(String name, FloatPieces pieces) {
        read(name, (header, elements) -> {
            float[] piece = new float[Math.min(elements.count, PIECE)];
            for (int offset = 0; offset < elements.count; offset += piece.length) {
                int length = Math.min(piece.length, elements.count - offset);
                if (length < piece.length) {
                    piece = new float[length];
                }
                for (int i = 0; i < length; i++) {
                    piece[i] = header.type().getFloat(elements.next());
                }
                pieces.take(offset, piece);
            }
            return header;
        });
    }

    private interface Decoder<A> {
        A decode(NpyHeader header, Elements elements) throws IOException, NpyHeader.Unusable;
    }

    private <A> A read(String name, Decoder<A> decoder) {
        ZipEntry entry = entry(name);
        return attempt(name, () -> {
            CRC32 checksum = new CRC32();
            try (InputStream stream = new CheckedInputStream(new BufferedInputStream(zip.getInputStream(entry)),
                    checksum)) {
                NpyHeader header = NpyHeader.read(stream);
                A array = decoder.decode(header, new Elements(header, stream, entry.getSize()));
                stream.skip(Long.MAX_VALUE);
                if (entry.getCrc() >= 0 && checksum.getValue() != entry.getCrc()) {
                    throw new ZipException("wrong checksum");
                }
                return array;
            }
        });
    }

    private interface Reading<A> {
        A read() throws IOException, NpyHeader.Unusable;
    }

    /** Whatever is wrong with an array is told as a wrong input. */
    private <A> A attempt(String name, Reading<A> reading) {
        try {
            return reading.read();
        } catch (NpyHeader.Unusable e) {
            throw new BadInputException(file + ": array '" + name + "' " + e.getMessage(), e);
        } catch (EOFException | ZipException e) {
            throw new BadInputException(file + ": array '" + name
                    + "' is truncated or damaged; copy or make the file again", e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private ZipEntry entry(String name) {
        return Optional.ofNullable(zip.getEntry(name + ".npy")).orElseThrow(() -> new BadInputException(file
                + ": array '" + name + "' is missing (found: "
                + (names().isEmpty() ? "none" : String.join(", ", names()))
                + "); save it with numpy.savez(file, " + name + "=...)"));
    }

    /** The elements of one array, a chunk in memory at a time. */
    private static final class Elements {
        final int count;
        private final InputStream stream;
        private final int bytes;
        private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);

        Elements(NpyHeader header, InputStream stream, long entryBytes) throws EOFException, NpyHeader.Unusable {
            this.stream = stream;
            this.bytes = header.type().bytes();
            this.count = count(header, entryBytes);
        }

        /** How many there are; as many there must be room for in the archive's entry. */
        static int count(NpyHeader header, long entryBytes) throws EOFException, NpyHeader.Unusable {
            long elements;
            try {
                elements = header.elements();
                if (entryBytes >= 0 && Math.multiplyExact(elements, header.type().bytes()) > entryBytes) {
                    throw new EOFException();
                }
            } catch (ArithmeticException e) {
                throw new EOFException();
            }
            if (elements > Integer.MAX_VALUE - 8) {
                throw new NpyHeader.Unusable("has " + elements + " elements, more than a Java array holds; split it");
            }
            return (int) elements;
        }

        /** A buffer whose next bytes are the next element. */
        ByteBuffer next() throws IOException {
            if (chunk.remaining() < bytes) {
                chunk.compact();
                int read = stream.readNBytes(chunk.array(), chunk.position(), chunk.remaining());
                chunk.position(chunk.position() + read).flip();
                if (chunk.remaining() < bytes) {
                    throw new EOFException();
                }
            }
            return chunk;
        }
    }

    private BadInputException unreadable(IOException cause) {
        return new BadInputException("cannot read " + file + " (" + cause.getMessage() + "); check the disk and the "
                + "file's permissions", cause);
    }

    /** Closes the file. */
    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }
}
