package dev.culebra.bindings;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the first bytes of a library of Linux say of it (ELF, System V Application Binary Interface, chapters 4 and 5).
 *
 * @param machine the number of the processor's family
 * @param neededBytes how long the file must be at least for all that is loaded from it
 * @param presentBytes how long it is
 */
record ElfHeader(int machine, long neededBytes, long presentBytes) {
    private static final int HEADER_BYTES = 64;
    private static final int SEGMENT_HEADER_BYTES = 56;
    private static final int MAGIC = 0x7f454c46;
    private static final byte CLASS_64 = 2;
    private static final byte BIG_ENDIAN = 2;
    private static final int LOADED_SEGMENT = 1;

    /** Reads a file's header, if it has one. */
    static Optional<ElfHeader> read(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer header = read(channel, 0, HEADER_BYTES);
            if (header.remaining() < HEADER_BYTES || header.getInt(0) != MAGIC) {
                return Optional.empty();
            }
            ByteOrder order = header.get(5) == BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            header.order(order);
            long needed = header.get(4) == CLASS_64 ? neededBytes(channel, header) : 0;
            return Optional.of(new ElfHeader(Short.toUnsignedInt(header.getShort(18)), needed, channel.size()));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Whether its end is missing; the dynamic linker does not look, and the process ends when it comes there. */
    boolean isCutShort() {
        return presentBytes < neededBytes;
    }

    /** Whether it is made for a platform's processor. */
    boolean isFor(Platform platform) {
        return processor().equals(platform.processor());
    }

    /** Why this platform cannot load it, where that shows in the header. */
    Optional<String> problem(Platform platform) {
        if (!isFor(platform)) {
            return Optional.of("it is for another processor: " + processor() + ", not " + platform.processor());
        }
        return isCutShort()
                ? Optional.of("it is cut short: " + presentBytes + " of at least " + neededBytes
                        + " bytes; install it again")
                : Optional.empty();
    }

    private String processor() {
        return switch (machine) {
            case 3 -> "x86 with 32 bits";
            case 21 -> "ppc64le";
            case 40 -> "arm with 32 bits";
            case 62 -> "x86_64";
            case 183 -> "arm64";
            case 243 -> "riscv64";
            default -> "number " + machine + " in ELF's list";
        };
    }

    /** Nothing where the header is damaged in itself, which the dynamic linker finds out. */
    private static long neededBytes(FileChannel channel, ByteBuffer header) throws IOException {
        long start = header.getLong(32);
        int size = Short.toUnsignedInt(header.getShort(54));
        int count = Short.toUnsignedInt(header.getShort(56));
        if (start < 0 || size != SEGMENT_HEADER_BYTES) {
            return 0;
        }
        long needed = start + (long) size * count;
        ByteBuffer segments = read(channel, start, size * count).order(header.order());
        for (int segment = 0; segment + size <= segments.remaining(); segment += size) {
            if (segments.getInt(segment) == LOADED_SEGMENT) {
                needed = Math.max(needed, segments.getLong(segment + 8) + segments.getLong(segment + 32));
            }
        }
        return needed;
    }

    private static ByteBuffer read(FileChannel channel, long start, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        long position = start;
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, position);
            if (read < 0) {
                break;
            }
            position += read;
        }
        return buffer.flip();
    }
}
