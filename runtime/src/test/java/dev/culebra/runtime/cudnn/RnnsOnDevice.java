package dev.culebra.runtime.cudnn;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.runtime.NumbersOnDevice;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A test of recurrent networks on a device: cuDNN for each test method. */
@SuppressWarnings("exports") // As in OnDevice.
public abstract class RnnsOnDevice extends NumbersOnDevice {
    /** The library. */
    protected CudnnHandle library;

    /** Nothing is opened before a test method. */
    protected RnnsOnDevice() {}

    /** The library, or the end of the test. */
    @BeforeAll
    public static void load() {
        NvidiaLibraries.load(NativeLibraries.CUDNN);
    }

    /** A handle of its own for each test. */
    @BeforeEach
    public void openLibrary() {
        library = CudnnHandle.create(stream);
    }

    /** Whatever was made with it is closed by then. */
    @AfterEach
    public void closeLibrary() {
        library.close();
    }
}
