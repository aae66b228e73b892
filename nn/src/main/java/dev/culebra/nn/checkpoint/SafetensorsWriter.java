package dev.culebra.nn.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.culebra.runtime.BFloat16;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

/** Writes safetensors files that appear whole or not at all. */
public final class SafetensorsWriter {
    private static final int CHUNK = 1 << 16;

    private SafetensorsWriter() {}

    /**
     * Writes tensors, each in its own element type and so without loss, and piece by piece: first into a neighbour of
     * {@code file}, which is forced to disk and then takes its place. Whatever fails, an old file stays as it was and
     * nothing else is left behind.
     *
     * @param metadata the header's strings
     * @param tensors by name; wider element types come first in the file, so that every tensor is aligned
     * @throws IOException if the file cannot be written; the message names it and the reason
     */
    public static void write(Path file, Map<String, String> metadata, Map<String, Tensor> tensors)
            throws IOException {
        try {
            AtomicFile.write(file, channel -> {
                SafetensorsHeader header = header(metadata, tensors);
                writeFully(channel, header.encode());
                for (TensorEntry entry : header.entries().values()) {
                    writeTensor(channel, tensors.get(entry.name()));
                }
            });
        } catch (IOException failure) {
            throw new IOException("cannot write " + file + ": " + AtomicFile.reason(failure), failure);
        }
    }

    private static SafetensorsHeader header(Map<String, String> metadata, Map<String, Tensor> tensors) {
        List<Map.Entry<String, Tensor>> ordered = tensors.entrySet().stream()
                .sorted(Comparator.comparingInt(e -> -e.getValue().type().bytes())).toList();
        Map<String, TensorEntry> entries = new LinkedHashMap<>();
        long offset = 0;
        for (Map.Entry<String, Tensor> named : ordered) {
            Tensor tensor = named.getValue();
            long end = offset + tensor.bytes();
            entries.put(named.getKey(),
                    new TensorEntry(named.getKey(), StoredType.of(tensor.type()), tensor.shape(), offset, end));
            offset = end;
        }
        return new SafetensorsHeader(entries, metadata);
    }

    private static void writeTensor(FileChannel channel, Tensor tensor) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK * tensor.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (long start = 0; start < tensor.elements(); start += CHUNK) {
            int count = (int) Math.min(CHUNK, tensor.elements() - start);
            buffer.clear();
            encode(tensor.view(start, Shape.of(count)), buffer);
            writeFully(channel, buffer.flip());
        }
    }

    private static void encode(Tensor part, ByteBuffer buffer) {
        switch (part.type()) {
            case F32 -> {
                for (float value : part.toFloats()) {
                    buffer.putFloat(value);
                }
            }
            case BF16 -> {
                for (float value : part.toFloats()) {
                    buffer.putShort(BFloat16.fromFloat(value));
                }
            }
            case F64 -> {
                for (double value : part.toDoubles()) {
                    buffer.putDouble(value);
                }
            }
            case I32 -> {
                for (int value : part.toInts()) {
                    buffer.putInt(value);
                }
            }
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
