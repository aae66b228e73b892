/*
 * The functions of cuBLAS on half-precision numbers. cublas_api.h declares them to C++ only, because C lacks the types
 * __half and __nv_bfloat16; here C gets the structs that hold the same bits. In C++ this header declares the functions
 * once more, and a test of the bindings compiles it there: a difference would be an error.
 */
#ifndef CULEBRA_CUBLAS_HALF_H
#define CULEBRA_CUBLAS_HALF_H

#include <stdint.h>
#include <cublas_v2.h>

#ifdef __cplusplus
extern "C" {
#else
typedef __half_raw __half;
typedef __nv_bfloat16_raw __nv_bfloat16;
#endif

#define CULEBRA_HGEMM(suffix, integer)                                                                                 \
    cublasStatus_t cublasHgemm##suffix(cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb,      \
            integer m, integer n, integer k, const __half *alpha, const __half *A, integer lda, const __half *B,       \
            integer ldb, const __half *beta, __half *C, integer ldc);                                                  \
    cublasStatus_t cublasHgemmBatched##suffix(cublasHandle_t handle, cublasOperation_t transa,                         \
            cublasOperation_t transb, integer m, integer n, integer k, const __half *alpha,                            \
            const __half *const Aarray[], integer lda, const __half *const Barray[], integer ldb, const __half *beta,  \
            __half *const Carray[], integer ldc, integer batchCount);                                                  \
    cublasStatus_t cublasHgemmStridedBatched##suffix(cublasHandle_t handle, cublasOperation_t transa,                  \
            cublasOperation_t transb, integer m, integer n, integer k, const __half *alpha, const __half *A,           \
            integer lda, long long int strideA, const __half *B, integer ldb, long long int strideB,                   \
            const __half *beta, __half *C, integer ldc, long long int strideC, integer batchCount);

#define CULEBRA_GEMV(types, suffix, integer, input, output)                                                            \
    cublasStatus_t cublas##types##gemvBatched##suffix(cublasHandle_t handle, cublasOperation_t trans, integer m,       \
            integer n, const float *alpha, const input *const Aarray[], integer lda, const input *const xarray[],      \
            integer incx, const float *beta, output *const yarray[], integer incy, integer batchCount);                \
    cublasStatus_t cublas##types##gemvStridedBatched##suffix(cublasHandle_t handle, cublasOperation_t trans,           \
            integer m, integer n, const float *alpha, const input *A, integer lda, long long int strideA,              \
            const input *x, integer incx, long long int stridex, const float *beta, output *y, integer incy,           \
            long long int stridey, integer batchCount);

CULEBRA_HGEMM(, int)
CULEBRA_HGEMM(_64, int64_t)
CULEBRA_GEMV(HSH, , int, __half, __half)
CULEBRA_GEMV(HSH, _64, int64_t, __half, __half)
CULEBRA_GEMV(HSS, , int, __half, float)
CULEBRA_GEMV(HSS, _64, int64_t, __half, float)
CULEBRA_GEMV(TST, , int, __nv_bfloat16, __nv_bfloat16)
CULEBRA_GEMV(TST, _64, int64_t, __nv_bfloat16, __nv_bfloat16)
CULEBRA_GEMV(TSS, , int, __nv_bfloat16, float)
CULEBRA_GEMV(TSS, _64, int64_t, __nv_bfloat16, float)

#ifdef __cplusplus
}
#endif

#endif
