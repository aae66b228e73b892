package dev.culebra.runtime.cublaslt;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.runtime.NumbersOnDevice;
import dev.culebra.runtime.cublas.CublasException;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A test of products on a device: cuBLASLt and a workspace for each test method. */
@SuppressWarnings("exports") // As in OnDevice.
public abstract class MatmulsOnDevice extends NumbersOnDevice {
    /** What plans may ask for. */
    protected static final long WORKSPACE_BYTES = 4 << 20;

    /** The library. */
    protected CublasLtHandle library;
    /** What products work in. */
    protected Workspace workspace;

    /** Nothing is opened before a test method. */
    protected MatmulsOnDevice() {}

    /** The library, or the end of the test. */
    @BeforeAll
    public static void load() {
        NvidiaLibraries.load(NativeLibraries.CUBLAS_LT);
    }

    /** A handle and a workspace of its own for each test. */
    @BeforeEach
    public void openLibrary() {
        library = CublasLtHandle.create(context);
        workspace = Workspace.of(unwritten(WORKSPACE_BYTES));
    }

    /** The workspace is freed with everything else that was allocated. */
    @AfterEach
    public void closeLibrary() {
        library.close();
    }

    /** A plan; where the device has none for an epilogue that not every device has, the end of the test. */
    protected final MatmulPlan planOrAbort(MatmulSpec spec) {
        try {
            return MatmulPlan.create(library, spec, WORKSPACE_BYTES);
        } catch (CublasException failure) {
            boolean everywhere = spec.epilogue() == Epilogue.NONE || spec.epilogue() == Epilogue.BIAS;
            if (everywhere || !failure.isNotSupported()) {
                throw failure;
            }
            System.out.println("skipped: " + failure.getMessage());
            return Assumptions.abort(failure.getMessage());
        }
    }
}
