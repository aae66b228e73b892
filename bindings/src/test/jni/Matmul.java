/** The same call through JNI: the part in Java. */
public final class Matmul {
    static {
        System.loadLibrary("matmul");
    }

    private Matmul() {}

    /** cublasLtMatmul, each pointer as a long. */
    public static native int cublasLtMatmul(long handle, long computeDesc, float alpha, long a, long aLayout, long b,
            long bLayout, float beta, long c, long cLayout, long d, long dLayout, long algo, long workspace,
            long workspaceSizeInBytes, long stream);
}
