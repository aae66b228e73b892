package dev.culebra.runtime.cudnn;

import java.lang.foreign.MemorySegment;

import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.NativeObject;
import dev.culebra.runtime.driver.Stream;

/**
 * cuDNN on one stream. One thread at a time.
 *
 * <p>Source: {@code cudnnCreate} and {@code cudnnSetStream},
 * https://docs.nvidia.com/deeplearning/cudnn/latest/api/cudnn-graph-library.html.
 */
public final class CudnnHandle extends NativeObject {
    private final Stream stream;

    private CudnnHandle(Stream stream) {
        super(() -> {
            stream.context().makeCurrent();
            return Cudnn.create("cudnnCreate", cudnn::cudnnCreate);
        }, 0, stream);
        this.stream = stream;
    }

    /**
     * Opens the library on a stream.
     *
     * @throws CudnnException if that fails
     * @throws IllegalStateException if the stream is closed
     */
    public static CudnnHandle create(Stream stream) {
        CudnnHandle created = new CudnnHandle(stream);
        try {
            Cudnn.check("cudnnSetStream", cudnn.cudnnSetStream(created.handle(), stream.handle()));
        } catch (Throwable failure) {
            created.closeAfter(failure);
            throw failure;
        }
        return created;
    }

    /** The stream it works on. */
    public Stream stream() {
        return stream;
    }

    @Override
    protected void destroy(MemorySegment handle) {
        stream.context().makeCurrent();
        Cudnn.check("cudnnDestroy", cudnn.cudnnDestroy(handle));
    }
}
