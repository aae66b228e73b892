package dev.culebra.runtime.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Supplier;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.NativeObject;

/**
 * Compiled device code that was loaded: kernels and global variables. Closing it waits for the streams on which its kernels
 * were launched, and unloads them.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__MODULE.html.
 */
public final class Module extends NativeObject {
    private static final int LOG_BYTES = 16 << 10;

    private final Context context;
    private final UsingStreams users = new UsingStreams();

    private Module(Context context, Supplier<MemorySegment> creation) {
        super(creation, 0, context);
        this.context = context;
    }

    /**
     * Loads a cubin, a fat binary, or PTX, which the driver compiles for the device.
     *
     * @param image the bytes; PTX needs no final zero
     * @throws CudaException if the image is not for this device or is broken; with the compiler's log for PTX
     * @throws IllegalArgumentException if the image is empty
     * @throws IllegalStateException in a thread that captures
     */
    public static Module load(Context context, byte[] image) {
        if (image.length == 0) {
            throw new IllegalArgumentException("an image has at least 1 byte");
        }
        Capture.forbid("loading a module");
        return new Module(context, () -> create(context, image));
    }

    private static MemorySegment create(Context context, byte[] image) {
        context.makeCurrent();
        try (Arena arena = Arena.ofConfined()) {
            // Text must end with a zero, which a fresh segment has; binaries want to be aligned.
            MemorySegment data = arena.allocate(image.length + 1L, 64);
            MemorySegment.copy(image, 0, data, ValueLayout.JAVA_BYTE, 0, image.length);
            MemorySegment log = arena.allocate(LOG_BYTES);
            MemorySegment options = arena.allocateFrom(ValueLayout.JAVA_INT, cuda.CU_JIT_ERROR_LOG_BUFFER,
                    cuda.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES);
            MemorySegment values = arena.allocate(Native.C_POINTER, 2);
            values.setAtIndex(Native.C_POINTER, 0, log);
            values.setAtIndex(Native.C_POINTER, 1, MemorySegment.ofAddress(LOG_BYTES));
            MemorySegment out = arena.allocate(Native.C_POINTER);
            int status = cuda.cuModuleLoadDataEx(out, data, 2, options, values);
            if (status != cuda.CUDA_SUCCESS) {
                String text = log.getString(0).strip();
                throw CudaDriver.failure("cuModuleLoadDataEx", status,
                        text.isEmpty() ? "" : "the compiler's log:" + System.lineSeparator() + text);
            }
            return MemorySegment.ofAddress(out.get(Native.C_POINTER, 0).address());
        }
    }

    /** The context it belongs to. */
    public Context context() {
        return context;
    }

    /**
     * A kernel of this module.
     *
     * @param name its name in the image: that of an {@code extern "C"} function, or a mangled one
     * @param parameters the types of its parameters, in order; checked once, here, where the driver can tell their sizes
     *     (12.4 and newer)
     * @throws CudaException if there is no such kernel
     * @throws IllegalArgumentException if its parameters are not these
     * @throws IllegalStateException in a thread that captures: a driver that loads lazily loads the code now
     */
    public Kernel kernel(String name, ParameterType... parameters) {
        Capture.forbid("looking up a kernel");
        context.makeCurrent();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            MemorySegment out = arena.allocate(Native.C_POINTER);
            int status = cuda.cuModuleGetFunction(out, handle(), text);
            if (status != cuda.CUDA_SUCCESS) {
                throw CudaDriver.failure("cuModuleGetFunction", status, "no kernel " + name);
            }
            return new Kernel(this, name, MemorySegment.ofAddress(out.get(Native.C_POINTER, 0).address()),
                    List.of(parameters));
        }
    }

    /**
     * A global variable of this module, as device memory that the module owns.
     *
     * @throws CudaException if there is no such variable
     * @throws IllegalStateException in a thread that captures
     */
    public DeviceSlice global(String name) {
        Capture.forbid("looking up a variable");
        context.makeCurrent();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            MemorySegment address = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
            int status = cuda.cuModuleGetGlobal_v2(address, bytes, handle(), text);
            if (status != cuda.CUDA_SUCCESS) {
                throw CudaDriver.failure("cuModuleGetGlobal_v2", status, "no variable " + name);
            }
            return new DeviceSlice(this, context, address.get(ValueLayout.JAVA_LONG, 0),
                    bytes.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    /** The streams on which its kernels were launched. */
    UsingStreams users() {
        return users;
    }

    /**
     * Waits for the streams on which its kernels were launched, and unloads the module; a second call does nothing.
     *
     * @throws IllegalStateException if a graph that uses it is still open, one of those streams is being captured, or in a
     *     thread that captures; it stays open then
     */
    @Override
    public void close() {
        if (isOpen()) {
            Capture.forbid("unloading a module");
            users.requireNoCapture("unloading a module whose kernels were launched");
        }
        super.close();
    }

    @Override
    protected void destroy(MemorySegment handle) {
        context.makeCurrentToDestroy();
        int waited = users.await();
        context.checkDestroyed("cuModuleUnload", cuda.cuModuleUnload(handle));
        context.checkDestroyed("cuStreamSynchronize", waited);
    }
}
