package dev.culebra.runtime.nvtx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.culebra.bindings.nvtx.nvtx;
import dev.culebra.bindings.nvtx.nvtxEventAttributes_t;

/** What one thread says to NVTX, in memory that it uses again for the next call: NVTX has read it when it returns. */
final class Message {
    private static final ThreadLocal<Message> OF_THREAD = ThreadLocal.withInitial(Message::new);
    private static final int FIRST_CAPACITY = 128;
    /** A char of Java takes no more in UTF-8. */
    private static final int MOST_BYTES_OF_CHAR = 3;

    private final MemorySegment event = nvtxEventAttributes_t.allocate(Arena.ofAuto());
    /** The part of the event that points to the text. */
    private final MemorySegment pointer = nvtxEventAttributes_t.message(event);
    private MemorySegment text = Arena.ofAuto().allocate(FIRST_CAPACITY);

    private Message() {
        nvtxEventAttributes_t.version(event, (short) nvtx.NVTX_VERSION);
        nvtxEventAttributes_t.size(event, (short) nvtxEventAttributes_t.sizeof());
        nvtxEventAttributes_t.colorType(event, nvtx.NVTX_COLOR_ARGB);
        nvtxEventAttributes_t.messageType(event, nvtx.NVTX_MESSAGE_TYPE_ASCII);
    }

    /** A name as a C string, valid until the thread has something else to say. */
    static MemorySegment text(String name) {
        return OF_THREAD.get().write(name);
    }

    /** A name in an opaque colour, valid until the thread has something else to say. */
    static MemorySegment event(String name, int rgb) {
        Message message = OF_THREAD.get();
        nvtxEventAttributes_t.color(message.event, 0xff000000 | rgb);
        message.pointer.set(ValueLayout.ADDRESS, 0, message.write(name));
        return message.event;
    }

    private MemorySegment write(String name) {
        long most = (long) MOST_BYTES_OF_CHAR * name.length() + 1;
        if (text.byteSize() < most) {
            text = Arena.ofAuto().allocate(2 * most);
        }
        text.setString(0, name);
        return text;
    }
}
