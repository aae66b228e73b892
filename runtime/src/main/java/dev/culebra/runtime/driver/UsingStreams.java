package dev.culebra.runtime.driver;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.culebra.bindings.cuda.cuda;

/**
 * The streams whose work uses something that is not freed in the order of a stream: whoever frees it waits for them.
 * Safe for use by several threads.
 */
final class UsingStreams {
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();

    /** Remembers a stream. Allocates nothing if it is known. */
    void add(Stream stream) {
        if (streams.add(stream)) {
            streams.removeIf(Stream::hasEnded);
        }
    }

    /** Throws while one of the streams is being captured: waiting for it would ruin the capture. */
    void requireNoCapture(String what) {
        for (Stream stream : streams) {
            stream.requireNoCapture(what);
        }
    }

    /** Waits for the work of all streams and returns the first status that is no success. */
    int await() {
        int first = cuda.CUDA_SUCCESS;
        for (Stream stream : streams) {
            int status = stream.await();
            first = first == cuda.CUDA_SUCCESS ? status : first;
        }
        return first;
    }
}
