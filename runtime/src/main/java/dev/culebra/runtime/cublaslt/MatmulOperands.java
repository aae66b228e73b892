package dev.culebra.runtime.cublaslt;

import java.lang.foreign.MemorySegment;

/**
 * Where the matrices of one product lie on the device. Make it once and use it in every step: running a plan with it makes no
 * new objects. Immutable.
 */
public final class MatmulOperands {
    private final MemorySegment a;
    private final MemorySegment b;
    private final MemorySegment c;
    private final MemorySegment d;
    private final long vector;
    private final long auxiliary;

    private MatmulOperands(MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment d, long vector,
            long auxiliary) {
        this.a = a;
        this.b = b;
        this.c = c;
        this.d = d;
        this.vector = vector;
        this.auxiliary = auxiliary;
    }

    /** The addresses of A, B and D; C is D. */
    public static MatmulOperands of(long a, long b, long d) {
        MemorySegment result = MemorySegment.ofAddress(d);
        return new MatmulOperands(MemorySegment.ofAddress(a), MemorySegment.ofAddress(b), result, result, 0, 0);
    }

    /** The same with C elsewhere than D. */
    public MatmulOperands withC(long address) {
        return new MatmulOperands(a, b, MemorySegment.ofAddress(address), d, vector, auxiliary);
    }

    /** The same with the vector of the epilogue. */
    public MatmulOperands withVector(long address) {
        return new MatmulOperands(a, b, c, d, address, auxiliary);
    }

    /** The same with the auxiliary memory of the epilogue. */
    public MatmulOperands withAuxiliary(long address) {
        return new MatmulOperands(a, b, c, d, vector, address);
    }

    MemorySegment a() {
        return a;
    }

    MemorySegment b() {
        return b;
    }

    MemorySegment c() {
        return c;
    }

    MemorySegment d() {
        return d;
    }

    long vector() {
        return vector;
    }

    long auxiliary() {
        return auxiliary;
    }
}
