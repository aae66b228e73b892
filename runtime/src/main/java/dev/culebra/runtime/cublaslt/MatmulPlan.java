package dev.culebra.runtime.cublaslt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.culebra.bindings.cublaslt.cublasLt;
import dev.culebra.bindings.cublaslt.cublasLtMatmulAlgo_t;
import dev.culebra.bindings.cublaslt.cublasLtMatmulHeuristicResult_t;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.NativeObject;
import dev.culebra.runtime.driver.Stream;

/**
 * A matrix product that is ready to run: its descriptors, the algorithms the device has for it, and the one that was chosen.
 *
 * <p>At first that is the one the library thinks fastest. {@link dev.culebra.runtime.trial.MatmulTrial} measures instead,
 * {@link #choose} takes another, and {@link #restore} takes up the choice of an earlier run. One thread at a time may use a
 * plan; it may be captured in a graph.
 *
 * <p>Source: https://docs.nvidia.com/cuda/cublas/#cublasltmatmulalgogetheuristic and #cublasltmatmul.
 */
public final class MatmulPlan extends NativeObject {
    /** What the driver's allocations are multiples of, in bytes. */
    public static final int ALLOCATION_ALIGNMENT = 256;

    private static final int MOST_ALGORITHMS = 32;

    private final CublasLtHandle library;
    private final MatmulSpec spec;
    private final int alignment;
    private final MatmulDescriptors descriptors;
    private final List<MatmulAlgorithm> algorithms;
    private final MatmulOperands.Sizes sizes;
    private final MemorySegment algorithmState = cublasLtMatmulAlgo_t.allocate(Arena.ofAuto());
    private final MemorySegment alpha = Arena.ofAuto().allocate(ValueLayout.JAVA_DOUBLE);
    private final MemorySegment beta = Arena.ofAuto().allocate(ValueLayout.JAVA_DOUBLE);
    private MatmulAlgorithm algorithm;
    private long vector;
    private long auxiliary;

    private MatmulPlan(CublasLtHandle library, MatmulSpec spec, MatmulOperands.Sizes sizes, int alignment,
            MatmulDescriptors descriptors) {
        super(descriptors.handle(), library);
        this.library = library;
        this.spec = spec;
        this.sizes = sizes;
        this.alignment = alignment;
        this.descriptors = descriptors;
        try {
            library.context().makeCurrent();
            algorithms = search(library.handle(), descriptors, spec.toString());
            use(algorithms.getFirst());
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /** A plan for addresses that are multiples of {@link #ALLOCATION_ALIGNMENT}. */
    public static MatmulPlan create(CublasLtHandle library, MatmulSpec spec, long workspaceLimit) {
        return create(library, spec, workspaceLimit, ALLOCATION_ALIGNMENT);
    }

    /**
     * Asks the library how it would compute a product.
     *
     * @param workspaceLimit how many bytes of workspace an algorithm may ask for
     * @param alignment what all addresses that the plan will be given are multiples of, in bytes, a power of two and at
     *     least the size of an element: the faster algorithms want at least 16
     * @throws dev.culebra.runtime.cublas.CublasException {@code CUBLAS_STATUS_NOT_SUPPORTED} if the device has no
     *     algorithm for it
     * @throws IllegalStateException if the library or its context is closed
     */
    public static MatmulPlan create(CublasLtHandle library, MatmulSpec spec, long workspaceLimit, int alignment) {
        MatmulOperands.Sizes sizes = MatmulOperands.Sizes.of(spec);
        MatmulDescriptors descriptors = MatmulDescriptors.create(spec, workspaceLimit, alignment);
        try {
            return new MatmulPlan(library, spec, sizes, alignment, descriptors);
        } catch (Throwable failure) {
            descriptors.closeAfter(failure);
            throw failure;
        }
    }

    /** The algorithms for a product, those first that the library thinks fastest. */
    static List<MatmulAlgorithm> search(MemorySegment library, MatmulDescriptors descriptors, String request) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment results = cublasLtMatmulHeuristicResult_t.allocateArray(MOST_ALGORITHMS, arena);
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            int status = cublasLt.cublasLtMatmulAlgoGetHeuristic(library, descriptors.handle(), descriptors.first(),
                    descriptors.second(), descriptors.result(), descriptors.result(), descriptors.preference(),
                    MOST_ALGORITHMS, results, count);
            if (status != cublasLt.CUBLAS_STATUS_SUCCESS) {
                throw CublasLt.failure("cublasLtMatmulAlgoGetHeuristic", status, request);
            }
            List<MatmulAlgorithm> found = new ArrayList<>();
            for (int index = 0; index < count.get(ValueLayout.JAVA_INT, 0); index++) {
                MemorySegment result = cublasLtMatmulHeuristicResult_t.asSlice(results, index);
                if (cublasLtMatmulHeuristicResult_t.state(result) == cublasLt.CUBLAS_STATUS_SUCCESS) {
                    found.add(MatmulAlgorithm.read(result));
                }
            }
            if (found.isEmpty()) {
                throw CublasLt.failure("cublasLtMatmulAlgoGetHeuristic", cublasLt.CUBLAS_STATUS_NOT_SUPPORTED,
                        request);
            }
            return List.copyOf(found);
        }
    }

    /** What is computed. */
    public MatmulSpec spec() {
        return spec;
    }

    /** The ways to compute it, those first that the library thinks fastest. */
    public List<MatmulAlgorithm> algorithms() {
        return algorithms;
    }

    /** The one that was chosen. */
    public MatmulAlgorithm algorithm() {
        return algorithm;
    }

    /**
     * Computes with this algorithm from now on.
     *
     * @throws IllegalArgumentException if it is none of {@link #algorithms}
     */
    public void choose(MatmulAlgorithm choice) {
        if (!algorithms.contains(choice)) {
            throw new IllegalArgumentException("the device did not offer " + choice + " for " + spec);
        }
        use(choice);
    }

    private void use(MatmulAlgorithm choice) {
        MatmulAlgorithm.write(choice.state(), algorithmState);
        algorithm = choice;
    }

    /** What the choice holds for: the product, the alignment, the library's version and the device. */
    public String key() {
        return spec + " aligned to " + alignment + ", cuBLASLt " + CublasLt.version() + " on "
                + library.context().device().name();
    }

    /** The choice, to be kept for a later run. */
    public RememberedAlgorithm remember() {
        return new RememberedAlgorithm(key(), algorithm.state());
    }

    /**
     * Takes up the choice of an earlier run, if it still holds; otherwise, as after an update of the library or on another
     * device, the plan stays as it is.
     *
     * @param workspaceLimit how many bytes of workspace it may need
     * @return why it was not taken up; empty if it was
     * @throws dev.culebra.runtime.cublas.CublasException if the library fails otherwise than by refusing the choice
     * @throws IllegalStateException if the plan is closed
     */
    public Optional<String> restore(RememberedAlgorithm remembered, long workspaceLimit) {
        MemorySegment operation = handle();
        if (!remembered.key().equals(key())) {
            return Optional.of("it was chosen for " + remembered.key() + ", not for " + key());
        }
        library.context().makeCurrent();
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment state = cublasLtMatmulAlgo_t.allocate(scratch);
            MatmulAlgorithm.write(remembered.state(), state);
            MemorySegment result = cublasLtMatmulHeuristicResult_t.allocate(scratch);
            int status = cublasLt.cublasLtMatmulAlgoCheck(library.handle(), operation, descriptors.first(),
                    descriptors.second(), descriptors.result(), descriptors.result(), state, result);
            if (refuses(status)) {
                return Optional.of(CublasLt.failure("cublasLtMatmulAlgoCheck", status, key()).getMessage());
            }
            CublasLt.check("cublasLtMatmulAlgoCheck", status);
            long workspaceBytes = cublasLtMatmulHeuristicResult_t.workspaceSize(result);
            if (workspaceBytes > workspaceLimit) {
                return Optional.of("it needs " + workspaceBytes + " bytes of workspace, not " + workspaceLimit);
            }
            use(new MatmulAlgorithm(remembered.state(), workspaceBytes,
                    cublasLtMatmulHeuristicResult_t.wavesCount(result)));
            return Optional.empty();
        }
    }

    /** Whether a check found that an algorithm, or what a damaged file said was one, does not fit. */
    private static boolean refuses(int status) {
        return status == cublasLt.CUBLAS_STATUS_NOT_SUPPORTED || status == cublasLt.CUBLAS_STATUS_ARCH_MISMATCH
                || status == cublasLt.CUBLAS_STATUS_INVALID_VALUE;
    }

    /**
     * Computes D = epilogue(alpha · op(A) op(B) + beta · C), which overwrites D; with beta 0, C is not read. Returns when
     * the work is queued. Makes no new objects.
     *
     * @param workspace at least as large as the algorithm wants it
     * @throws dev.culebra.runtime.cublas.CublasException if the library refuses
     * @throws IllegalArgumentException if memory is missing, too small, not aligned, or on another device
     * @throws IllegalStateException if the plan is closed or memory has been freed
     */
    public void execute(Stream stream, MatmulOperands operands, double alpha, double beta, Workspace workspace) {
        MemorySegment operation = handle();
        stream.context().requireSame(library.context(), "the plan");
        operands.check(sizes, alignment, stream);
        workspace.operand().check("the workspace", algorithm.workspaceBytes(), ALLOCATION_ALIGNMENT, stream);
        point(operands);
        scale(this.alpha, alpha);
        scale(this.beta, beta);
        stream.context().makeCurrent();
        int status = cublasLt.cublasLtMatmul(library.handle(), operation, this.alpha, operands.b().address(),
                descriptors.first(), operands.a().address(), descriptors.second(), this.beta, operands.c().address(),
                descriptors.result(), operands.d().address(), descriptors.result(), algorithmState,
                workspaceAddress(workspace), algorithm.workspaceBytes(), stream.handle());
        if (status != cublasLt.CUBLAS_STATUS_SUCCESS) {
            throw CublasLt.failure("cublasLtMatmul", status, spec + " with " + algorithm.workspaceBytes()
                    + " bytes of workspace");
        }
        operands.keep(stream);
        workspace.operand().keep(stream);
    }

    /** A workspace that the algorithm does not want was not checked either: the library does not hear of it. */
    private MemorySegment workspaceAddress(Workspace workspace) {
        return algorithm.workspaceBytes() == 0 ? MemorySegment.NULL : workspace.operand().address();
    }

    /** Tells the descriptor where vector and auxiliary memory lie, if they lie elsewhere than last time. */
    private void point(MatmulOperands operands) {
        long newVector = operands.vector().address().address();
        if (newVector != vector && sizes.vector() > 0) {
            descriptors.setVector(newVector);
            vector = newVector;
        }
        long newAuxiliary = operands.auxiliary().address().address();
        if (newAuxiliary != auxiliary && sizes.auxiliary() > 0) {
            descriptors.setAuxiliary(newAuxiliary);
            auxiliary = newAuxiliary;
        }
    }

    private void scale(MemorySegment factor, double value) {
        if (spec.compute().scaleType() == DataType.F64) {
            factor.set(ValueLayout.JAVA_DOUBLE, 0, value);
        } else {
            factor.set(ValueLayout.JAVA_FLOAT, 0, (float) value);
        }
    }

    @Override
    protected void destroy(MemorySegment handle) {
        descriptors.close();
    }
}
