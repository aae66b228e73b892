package dev.culebra.experiments.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import dev.culebra.experiments.files.WholeFile;

/**
 * Writes numpy's {@code .npz} archives, deflated, as {@code numpy.savez_compressed} does. The same arrays always give
 * the same bytes. The file appears whole or not at all.
 */
public final class NpzWriter {
    private static final int CHUNK_BYTES = 1 << 16;

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private record Entry(NpyHeader header, Element element) {}

    private interface Element {
        void put(ByteBuffer buffer, int index);
    }

    /** An archive without arrays. */
    public NpzWriter() {}

    /**
     * Adds whole numbers.
     *
     * @param name the array's name
     * @param type the integer type in the file
     * @param values the elements, row-major; read when the file is written
     * @param shape the sizes of the axes; none at all for one axis of all values
     * @return this
     */
    public NpzWriter add(String name, NpyType type, int[] values, int... shape) {
        return add(name, type, values.length, shape, (buffer, index) -> type.putInteger(buffer, values[index]));
    }

    /** Adds numbers, rounded to the floating-point {@code type} of the file; otherwise as for whole numbers. */
    public NpzWriter add(String name, NpyType type, float[] values, int... shape) {
        return add(name, type, values.length, shape, (buffer, index) -> type.putFloat(buffer, values[index]));
    }

    private NpzWriter add(String name, NpyType type, int count, int[] shape, Element element) {
        List<Integer> sizes = shape.length == 0 ? List.of(count) : List.of(box(shape));
        NpyHeader header = new NpyHeader(type, sizes);
        if (header.elements() != count) {
            throw new IllegalArgumentException(count + " values for array '" + name + "' of shape " + sizes);
        }
        entries.put(name, new Entry(header, element));
        return this;
    }

    private static Integer[] box(int[] sizes) {
        return Arrays.stream(sizes).boxed().toArray(Integer[]::new);
    }

    /**
     * Writes all arrays to {@code file}, replacing it.
     *
     * @throws ArithmeticException if a value does not fit its type
     * @throws dev.culebra.experiments.failure.RunFailedException if the file cannot be written
     */
    public void writeTo(Path file) {
        WholeFile.write(file, this::write);
    }

    private void write(OutputStream stream) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(stream);
        for (Map.Entry<String, Entry> named : entries.entrySet()) {
            ZipEntry zipEntry = new ZipEntry(named.getKey() + ".npy");
            zipEntry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
            zip.putNextEntry(zipEntry);
            writeArray(zip, named.getValue());
            zip.closeEntry();
        }
        zip.finish();
    }

    private static void writeArray(OutputStream stream, Entry entry) throws IOException {
        stream.write(entry.header().toBytes());
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long count = entry.header().elements();
        for (int i = 0; i < count; i++) {
            entry.element().put(chunk, i);
            if (chunk.remaining() < Long.BYTES) {
                stream.write(chunk.array(), 0, chunk.position());
                chunk.clear();
            }
        }
        stream.write(chunk.array(), 0, chunk.position());
    }
}
