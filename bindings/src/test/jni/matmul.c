// The same call through JNI: the part in C, for one function of the 49 of cuBLASLt.
#include <cublasLt.h>
#include <jni.h>

JNIEXPORT jint JNICALL Java_Matmul_cublasLtMatmul(JNIEnv *env, jclass type, jlong handle, jlong computeDesc,
        jfloat alpha, jlong a, jlong aLayout, jlong b, jlong bLayout, jfloat beta, jlong c, jlong cLayout, jlong d,
        jlong dLayout, jlong algo, jlong workspace, jlong workspaceSizeInBytes, jlong stream) {
    return (jint)cublasLtMatmul((cublasLtHandle_t)handle, (cublasLtMatmulDesc_t)computeDesc, &alpha, (void *)a,
            (cublasLtMatrixLayout_t)aLayout, (void *)b, (cublasLtMatrixLayout_t)bLayout, &beta, (void *)c,
            (cublasLtMatrixLayout_t)cLayout, (void *)d, (cublasLtMatrixLayout_t)dLayout,
            (const cublasLtMatmulAlgo_t *)algo, (void *)workspace, (size_t)workspaceSizeInBytes,
            (cudaStream_t)stream);
}
