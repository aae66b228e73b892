package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads the symbols that a 64-bit Linux library exports, from its {@code .dynsym} section. */
final class ElfSymbols {
    private static final int MAGIC = 0x464c457f;
    private static final int DYNAMIC_SYMBOLS = 11;
    private static final int SYMBOL_BYTES = 24;

    private ElfSymbols() {}

    /** The names of the defined symbols, functions and variables. */
    static SortedSet<String> exportedBy(Path library) throws IOException {
        try (FileChannel channel = FileChannel.open(library)) {
            MappedByteBuffer file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            file.order(ByteOrder.LITTLE_ENDIAN);
            if (file.getInt(0) != MAGIC) {
                throw new IOException(library + " is no ELF file");
            }
            int sections = (int) file.getLong(0x28);
            int sectionBytes = file.getShort(0x3a);
            int sectionCount = file.getShort(0x3c);
            SortedSet<String> names = new TreeSet<>();
            for (int i = 0; i < sectionCount; i++) {
                int section = sections + i * sectionBytes;
                if (file.getInt(section + 4) == DYNAMIC_SYMBOLS) {
                    int strings = sections + file.getInt(section + 0x28) * sectionBytes;
                    read(file, (int) file.getLong(section + 0x18), (int) file.getLong(section + 0x20),
                            (int) file.getLong(strings + 0x18), names);
                }
            }
            return names;
        }
    }

    private static void read(ByteBuffer file, int start, int bytes, int strings, SortedSet<String> names) {
        for (int symbol = start; symbol < start + bytes; symbol += SYMBOL_BYTES) {
            boolean defined = file.getShort(symbol + 6) != 0;
            if (defined) {
                names.add(text(file, strings + file.getInt(symbol)));
            }
        }
    }

    private static String text(ByteBuffer file, int start) {
        int end = start;
        while (file.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - start];
        file.get(start, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
