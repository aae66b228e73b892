package dev.culebra.runtime.cublaslt;

import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.Stream;

/**
 * Where the matrices of one product lie on the device. Make it once and use it in every step: running a plan with it makes no
 * new objects. It owns nothing. Immutable.
 */
public final class MatmulOperands {
    private final Operand a;
    private final Operand b;
    private final Operand c;
    private final Operand d;
    private final Operand vector;
    private final Operand auxiliary;

    private MatmulOperands(Operand a, Operand b, Operand c, Operand d, Operand vector, Operand auxiliary) {
        this.a = a;
        this.b = b;
        this.c = c;
        this.d = d;
        this.vector = vector;
        this.auxiliary = auxiliary;
    }

    /** A, B and D; C is D. */
    public static MatmulOperands of(DeviceRegion a, DeviceRegion b, DeviceRegion d) {
        Operand result = Operand.of(d);
        return new MatmulOperands(Operand.of(a), Operand.of(b), result, result, Operand.NONE, Operand.NONE);
    }

    /** The same with C elsewhere than D. */
    public MatmulOperands withC(DeviceRegion region) {
        return new MatmulOperands(a, b, Operand.of(region), d, vector, auxiliary);
    }

    /** The same with the vector of the epilogue. */
    public MatmulOperands withVector(DeviceRegion region) {
        return new MatmulOperands(a, b, c, d, Operand.of(region), auxiliary);
    }

    /** The same with the auxiliary memory of the epilogue. */
    public MatmulOperands withAuxiliary(DeviceRegion region) {
        return new MatmulOperands(a, b, c, d, vector, Operand.of(region));
    }

    /**
     * Throws unless a product can be computed with these.
     *
     * @param alignment what all addresses must be multiples of
     * @throws IllegalArgumentException if memory is missing, too small, not aligned or on another device
     * @throws IllegalStateException if memory has been freed
     */
    void check(Sizes sizes, int alignment, Stream stream) {
        a.check("A", sizes.a, alignment, stream);
        b.check("B", sizes.b, alignment, stream);
        c.check("C", sizes.d, alignment, stream);
        d.check("D", sizes.d, alignment, stream);
        vector.check("the vector of the epilogue", sizes.vector, alignment, stream);
        auxiliary.check("the auxiliary memory of the epilogue", sizes.auxiliary, alignment, stream);
    }

    /** Lets a capture know that the stream's work uses this memory. */
    void keep(Stream stream) {
        a.keep(stream);
        b.keep(stream);
        c.keep(stream);
        d.keep(stream);
        vector.keep(stream);
        auxiliary.keep(stream);
    }

    /** How many bytes the operands of a product take; C takes as many as D. */
    record Sizes(long a, long b, long d, long vector, long auxiliary) {
        static Sizes of(MatmulSpec spec) {
            return new Sizes(spec.bytesOfA(), spec.bytesOfB(), spec.bytesOfD(),
                    spec.vectorElements() * spec.d().type().bytes(), spec.auxiliaryBytes());
        }
    }

    Operand a() {
        return a;
    }

    Operand b() {
        return b;
    }

    Operand c() {
        return c;
    }

    Operand d() {
        return d;
    }

    Operand vector() {
        return vector;
    }

    Operand auxiliary() {
        return auxiliary;
    }
}
