package dev.culebra.runtime.cublaslt;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.runtime.NumbersOnDevice;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A test of products on a device: cuBLASLt and a workspace for each test method. */
abstract class MatmulsOnDevice extends NumbersOnDevice {
    static final long WORKSPACE_BYTES = 4 << 20;

    CublasLtHandle library;
    Workspace workspace;

    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUBLAS_LT);
    }

    @BeforeEach
    void openLibrary() {
        library = CublasLtHandle.create(context);
        workspace = Workspace.of(unwritten(WORKSPACE_BYTES));
    }

    @AfterEach
    void closeLibrary() {
        library.close();
    }
}
