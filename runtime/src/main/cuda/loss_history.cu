// Sums of the losses of each sequence of a batch, kept for the latest steps: in double precision and in a fixed order.
//
// Compiled for: THREADS (of a block).
#include "intrinsics.cuh"

// A block for each sequence. step: the number of the step; nll: (gridDim.x, length); history: (capacity, gridDim.x), of which
// the row of the step is overwritten.
extern "C" __global__ void record_losses(int length, int capacity, const long long* step, const float* nll,
                                         double* history) {
    DYNAMIC_SHARED(double, shared);  // (THREADS / 32)
    const float* sequence = nll + (long long) blockIdx.x * length;
    double sum = 0;
    for (int t = threadIdx.x; t < length; t += THREADS) {
        sum += sequence[t];
    }
    sum = sumOverBlock<THREADS / 32>(sum, shared);
    if (threadIdx.x == 0) {
        history[*step % capacity * gridDim.x + blockIdx.x] = sum;
    }
}
