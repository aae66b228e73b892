package dev.culebra.runtime.cublaslt;

import java.lang.foreign.MemorySegment;

import dev.culebra.bindings.cublaslt.cublasLt;
import dev.culebra.runtime.NativeObject;
import dev.culebra.runtime.driver.Context;

/**
 * The library's state on one device. It holds no stream and no workspace, so plans that share it may run on several streams;
 * any thread may use it.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cublas/#cublasltcreate.
 */
public final class CublasLtHandle extends NativeObject {
    private final Context context;

    private CublasLtHandle(Context context) {
        super(() -> {
            context.makeCurrent();
            return CublasLt.create("cublasLtCreate", cublasLt::cublasLtCreate);
        }, 0, context);
        this.context = context;
    }

    /**
     * Opens the library on a device.
     *
     * @throws dev.culebra.runtime.cublas.CublasException if that fails
     * @throws IllegalStateException if the context is closed
     */
    public static CublasLtHandle create(Context context) {
        return new CublasLtHandle(context);
    }

    /** The context of the device it works on. */
    public Context context() {
        return context;
    }

    @Override
    protected void destroy(MemorySegment handle) {
        context.makeCurrent();
        CublasLt.check("cublasLtDestroy", cublasLt.cublasLtDestroy(handle));
    }
}
