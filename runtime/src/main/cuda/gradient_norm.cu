// The sum of the squares of all gradients, in double precision and in a fixed order: blocks sum parts, one block sums those.
//
// Compiled for: THREADS (of a block).
#include "intrinsics.cuh"

// gradients: (elements); partial: (gridDim.x), overwritten.
extern "C" __global__ void sum_of_squares(long long elements, const float* gradients, double* partial) {
    DYNAMIC_SHARED(double, shared);  // (THREADS / 32)
    double sum = 0;
    for (long long i = (long long) blockIdx.x * THREADS + threadIdx.x; i < elements;
         i += (long long) gridDim.x * THREADS) {
        double value = gradients[i];
        sum += value * value;
    }
    sum = sumOverBlock<THREADS / 32>(sum, shared);
    if (threadIdx.x == 0) {
        partial[blockIdx.x] = sum;
    }
}

// partial: (count); total: (1), overwritten.
extern "C" __global__ void sum_of_parts(int count, const double* partial, double* total) {
    DYNAMIC_SHARED(double, shared);  // (THREADS / 32)
    double sum = 0;
    for (int i = threadIdx.x; i < count; i += THREADS) {
        sum += partial[i];
    }
    sum = sumOverBlock<THREADS / 32>(sum, shared);
    if (threadIdx.x == 0) {
        *total = sum;
    }
}

// One thread: scale = min(1, clipNorm / (sqrt(total) + epsilon)), NaN where total is.
extern "C" __global__ void scale_to_clip(const double* total, double clipNorm, double epsilon, float* scale) {
    double wanted = clipNorm / (sqrt(*total) + epsilon);
    *scale = wanted >= 1 ? 1 : (float) wanted;
}
