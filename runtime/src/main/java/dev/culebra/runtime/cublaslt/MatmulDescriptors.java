package dev.culebra.runtime.cublaslt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

import dev.culebra.bindings.cublaslt.cublasLt;
import dev.culebra.runtime.NativeObject;
import dev.culebra.runtime.OwnedParts;

/**
 * The descriptors of one matrix product, as {@link ColumnMajorMatmul} tells it; they need no GPU. The handle is the
 * {@code cublasLtMatmulDesc_t}.
 */
final class MatmulDescriptors extends NativeObject {
    private final MemorySegment value = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
    private MemorySegment first = MemorySegment.NULL;
    private MemorySegment second = MemorySegment.NULL;
    private MemorySegment result = MemorySegment.NULL;
    private MemorySegment preference = MemorySegment.NULL;

    private MatmulDescriptors(MemorySegment handle) {
        super(handle);
    }

    /**
     * Describes a product.
     *
     * @param workspaceLimit how many bytes of workspace an algorithm may ask for
     * @param alignment what all addresses that the product will be given are multiples of
     * @throws IllegalArgumentException if the limit is negative, or the alignment is no power of two or less than an element
     */
    static MatmulDescriptors create(MatmulSpec spec, long workspaceLimit, int alignment) {
        requireAlignment(alignment, spec);
        if (workspaceLimit < 0) {
            throw new IllegalArgumentException("a workspace cannot have " + workspaceLimit + " bytes");
        }
        ColumnMajorMatmul matmul = ColumnMajorMatmul.of(spec);
        MatmulDescriptors descriptors = new MatmulDescriptors(CublasLt.create("cublasLtMatmulDescCreate",
                out -> cublasLt.cublasLtMatmulDescCreate(out, spec.compute().code(),
                        CublasLt.type(spec.compute().scaleType()))));
        try {
            descriptors.describeOperation(spec, matmul, alignment);
            descriptors.first = layout(matmul.first());
            descriptors.setBatch(descriptors.first, matmul.first());
            descriptors.second = layout(matmul.second());
            descriptors.setBatch(descriptors.second, matmul.second());
            descriptors.result = layout(matmul.result());
            descriptors.setBatch(descriptors.result, matmul.result());
            descriptors.preference = CublasLt.create("cublasLtMatmulPreferenceCreate",
                    cublasLt::cublasLtMatmulPreferenceCreate);
            descriptors.prefer(workspaceLimit, alignment);
        } catch (Throwable failure) {
            descriptors.closeAfter(failure);
            throw failure;
        }
        return descriptors;
    }

    private static void requireAlignment(int alignment, MatmulSpec spec) {
        int element = Math.max(spec.a().type().bytes(), spec.d().type().bytes());
        if (alignment < element || Integer.bitCount(alignment) != 1) {
            throw new IllegalArgumentException("an alignment is a power of two and at least the " + element
                    + " bytes of an element, not " + alignment);
        }
    }

    private void describeOperation(MatmulSpec spec, ColumnMajorMatmul matmul, int alignment) {
        setInt(cublasLt.CUBLASLT_MATMUL_DESC_TRANSA, operation(matmul.first()));
        setInt(cublasLt.CUBLASLT_MATMUL_DESC_TRANSB, operation(matmul.second()));
        setInt(cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE, matmul.epilogue());
        if (spec.epilogue().vector() != Epilogue.Vector.NONE) {
            setInt(cublasLt.CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE, CublasLt.type(spec.d().type()));
            setLong(cublasLt.CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE, matmul.vectorBatchStride());
            // The heuristics do not read through the pointers, but expect of later ones the alignment of these.
            setVector(alignment);
        }
        if (spec.epilogue().auxiliary() != Epilogue.Auxiliary.NONE) {
            setLong(cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD, matmul.auxiliary().leadingDimension());
            setLong(cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_BATCH_STRIDE, matmul.auxiliary().batchStride());
            setAuxiliary(alignment);
        }
    }

    private void prefer(long workspaceLimit, int alignment) {
        value.set(ValueLayout.JAVA_LONG, 0, workspaceLimit);
        setPreference(cublasLt.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, Long.BYTES);
        value.set(ValueLayout.JAVA_INT, 0, alignment);
        setPreference(cublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, Integer.BYTES);
        setPreference(cublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, Integer.BYTES);
        setPreference(cublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, Integer.BYTES);
        setPreference(cublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, Integer.BYTES);
        // Parts of a sum may be added in the type that sums are, in a step of their own. Added in D itself they would be rounded
        // to its type, and in an order of which the library says no more than that it is one after another; and a run must
        // compute the same bits each time.
        value.set(ValueLayout.JAVA_INT, 0, cublasLt.CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE);
        setPreference(cublasLt.CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, Integer.BYTES);
    }

    /** The layout of the library's first operand, our B. */
    MemorySegment first() {
        return first;
    }

    /** The layout of the library's second operand, our A. */
    MemorySegment second() {
        return second;
    }

    /** The layout of C and D. */
    MemorySegment result() {
        return result;
    }

    /** What algorithms are looked for. */
    MemorySegment preference() {
        return preference;
    }

    /** Says where the epilogue's vector lies. */
    void setVector(long address) {
        setLong(cublasLt.CUBLASLT_MATMUL_DESC_BIAS_POINTER, address);
    }

    /** Says where the epilogue's auxiliary memory lies. */
    void setAuxiliary(long address) {
        setLong(cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, address);
    }

    private void setInt(int attribute, int setting) {
        value.set(ValueLayout.JAVA_INT, 0, setting);
        CublasLt.check("cublasLtMatmulDescSetAttribute",
                cublasLt.cublasLtMatmulDescSetAttribute(handle(), attribute, value, Integer.BYTES));
    }

    private void setLong(int attribute, long setting) {
        value.set(ValueLayout.JAVA_LONG, 0, setting);
        CublasLt.check("cublasLtMatmulDescSetAttribute",
                cublasLt.cublasLtMatmulDescSetAttribute(handle(), attribute, value, Long.BYTES));
    }

    private void setPreference(int attribute, long bytes) {
        CublasLt.check("cublasLtMatmulPreferenceSetAttribute",
                cublasLt.cublasLtMatmulPreferenceSetAttribute(preference, attribute, value, bytes));
    }

    private void setBatch(MemorySegment layout, ColumnMajorMatmul.Operand operand) {
        value.set(ValueLayout.JAVA_INT, 0, operand.batch());
        CublasLt.check("cublasLtMatrixLayoutSetAttribute", cublasLt.cublasLtMatrixLayoutSetAttribute(layout,
                cublasLt.CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, value, Integer.BYTES));
        value.set(ValueLayout.JAVA_LONG, 0, operand.batchStride());
        CublasLt.check("cublasLtMatrixLayoutSetAttribute", cublasLt.cublasLtMatrixLayoutSetAttribute(layout,
                cublasLt.CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, value, Long.BYTES));
    }

    private static MemorySegment layout(ColumnMajorMatmul.Operand operand) {
        return CublasLt.create("cublasLtMatrixLayoutCreate", out -> cublasLt.cublasLtMatrixLayoutCreate(out,
                CublasLt.type(operand.type()), operand.rows(), operand.columns(), operand.leadingDimension()));
    }

    private static int operation(ColumnMajorMatmul.Operand operand) {
        return operand.transposed() ? cublasLt.CUBLAS_OP_T : cublasLt.CUBLAS_OP_N;
    }

    /** Each of them, though another cannot be destroyed. */
    @Override
    protected void destroy(MemorySegment handle) {
        try (OwnedParts parts = new OwnedParts()) {
            parts.<AutoCloseable>own(() -> CublasLt.check("cublasLtMatmulDescDestroy",
                    cublasLt.cublasLtMatmulDescDestroy(handle)));
            parts.<AutoCloseable>own(this::destroyPreference);
            for (MemorySegment layout : List.of(result, second, first)) {
                parts.<AutoCloseable>own(() -> destroyLayout(layout));
            }
        }
    }

    private void destroyPreference() {
        if (!preference.equals(MemorySegment.NULL)) {
            CublasLt.check("cublasLtMatmulPreferenceDestroy", cublasLt.cublasLtMatmulPreferenceDestroy(preference));
        }
    }

    private static void destroyLayout(MemorySegment layout) {
        if (!layout.equals(MemorySegment.NULL)) {
            CublasLt.check("cublasLtMatrixLayoutDestroy", cublasLt.cublasLtMatrixLayoutDestroy(layout));
        }
    }
}
