// The parts of a linear classifier's cross-entropy that are not products, for a chunk of rows: losses, softmax, and what the
// targets add to the gradients.
//
// dHidden = (P - one-hot) table is made of two parts, the product with P whose targets are 0, and the targets' own rows: added
// up with the others, the target's term, often ten thousand times theirs, would cost all that follow it their last digits.
//
// Compiled for: ACTIVATION (float or bf16), WIDTH (of hidden), THREADS (of a block, which takes a row).
#include "intrinsics.cuh"

// Of some logits, the largest and the sum of exp(logit - maximum).
struct Extent {
    float maximum;
    float sum;

    __device__ static Extent ofNothing() { return {negativeInfinity(), 0}; }

    __device__ Extent with(const Extent& other) const {
        float larger = fmaxf(maximum, other.maximum);
        // Nothing and nothing: infinity minus infinity would be no number.
        return other.sum == 0 ? *this
            : sum == 0        ? other
                              : Extent{larger, sum * expf(maximum - larger) + other.sum * expf(other.maximum - larger)};
    }
};

// Over the block, in an order that is always the same. shared: (THREADS / 32).
__device__ Extent overBlock(Extent mine, Extent* shared) {
    for (int distance = 16; distance > 0; distance /= 2) {
        Extent other;
        other.maximum = __shfl_xor_sync(0xffffffffu, mine.maximum, distance);
        other.sum = __shfl_xor_sync(0xffffffffu, mine.sum, distance);
        // The lower lane's comes first for both, so that both get the same.
        mine = (threadIdx.x & distance) == 0 ? mine.with(other) : other.with(mine);
    }
    if (threadIdx.x % 32 == 0) {
        shared[threadIdx.x / 32] = mine;
    }
    __syncthreads();
    Extent all = shared[0];
    for (int warp = 1; warp < THREADS / 32; warp++) {
        all = all.with(shared[warp]);
    }
    return all;
}

__device__ Extent extentOf(const float* logits, int vocabulary, Extent* shared) {
    Extent mine = Extent::ofNothing();
    for (int v = threadIdx.x; v < vocabulary; v += THREADS) {
        float logit = logits[v];
        if (logit > mine.maximum) {
            mine.sum *= expf(mine.maximum - logit);
            mine.maximum = logit;
        }
        mine.sum += expf(logit - mine.maximum);
    }
    return overBlock(mine, shared);
}

// A block for each row. logits: (rows, stride), of which vocabulary columns count; targets, weights, nll: (rows), nll
// overwritten: of rows with weight 0 it is 0.
extern "C" __global__ void __launch_bounds__(THREADS)
losses(int vocabulary, int stride, const float* logits, const int* targets, const float* weights, float* nll) {
    DYNAMIC_SHARED(Extent, shared);
    const float* row = logits + (long long) blockIdx.x * stride;
    Extent all = extentOf(row, vocabulary, shared);
    if (threadIdx.x == 0) {
        bool rowCounts = weights[blockIdx.x] != 0;
        nll[blockIdx.x] = rowCounts ? all.maximum - row[targets[blockIdx.x]] + logf(all.sum) : 0;
    }
}

// The same, and probabilities: (rows, stride), overwritten with the softmax, 0 for the target and in the padding, and all 0 in
// rows with weight 0, where there may be NaN; targetGradients: (rows), overwritten with the target's softmax - 1.
extern "C" __global__ void __launch_bounds__(THREADS)
losses_and_softmax(int vocabulary, int stride, const float* logits, const int* targets, const float* weights, float* nll,
                   ACTIVATION* probabilities, float* targetGradients) {
    DYNAMIC_SHARED(Extent, shared);
    const float* row = logits + (long long) blockIdx.x * stride;
    ACTIVATION* softmax = probabilities + (long long) blockIdx.x * stride;
    int target = targets[blockIdx.x];
    Extent all = extentOf(row, vocabulary, shared);
    float inverse = 1 / all.sum;
    bool rowCounts = weights[blockIdx.x] != 0;
    // Read before the row is overwritten, where both lie in the same place.
    float targetLogit = row[target];
    __syncthreads();
    for (int v = threadIdx.x; v < stride; v += THREADS) {
        bool counts = rowCounts && v < vocabulary && v != target;
        softmax[v] = fromFloat<ACTIVATION>(counts ? expf(row[v] - all.maximum) * inverse : 0);
    }
    if (threadIdx.x == 0) {
        nll[blockIdx.x] = rowCounts ? all.maximum - targetLogit + logf(all.sum) : 0;
        targetGradients[blockIdx.x] = rowCounts ? expf(targetLogit - all.maximum) * inverse - 1 : 0;
    }
}

// A block for each row: dHidden = weight (dHidden + targetGradient table[target]), or 0 where the weight is 0.
// table: (V, WIDTH); dHidden: (rows, WIDTH), in place.
extern "C" __global__ void add_targets(const int* targets, const float* weights, const float* targetGradients,
                                       const float* table, ACTIVATION* dHidden) {
    ACTIVATION* gradient = dHidden + (long long) blockIdx.x * WIDTH;
    const float* row = table + (long long) targets[blockIdx.x] * WIDTH;
    float weight = weights[blockIdx.x];
    float ofTarget = targetGradients[blockIdx.x];
    for (int i = threadIdx.x; i < WIDTH; i += blockDim.x) {
        // The table as the products see it.
        float value = toFloat(fromFloat<ACTIVATION>(row[i]));
        gradient[i] = fromFloat<ACTIVATION>(weight == 0 ? 0 : weight * (toFloat(gradient[i]) + ofTarget * value));
    }
}

// A block for each row, before the table's gradient: the target's place gets its gradient, and hidden is scaled by the weight.
// probabilities: (rows, stride), changed; hidden: (rows, WIDTH); scaled: (rows, WIDTH), overwritten.
extern "C" __global__ void prepare_table_gradient(int stride, const int* targets, const float* weights,
                                                  const float* targetGradients, const ACTIVATION* hidden,
                                                  ACTIVATION* probabilities, ACTIVATION* scaled) {
    long long row = blockIdx.x;
    float weight = weights[row];
    if (threadIdx.x == 0) {
        probabilities[row * stride + targets[row]] = fromFloat<ACTIVATION>(targetGradients[row]);
    }
    for (int i = threadIdx.x; i < WIDTH; i += blockDim.x) {
        scaled[row * WIDTH + i] =
            fromFloat<ACTIVATION>(weight == 0 ? 0 : weight * toFloat(hidden[row * WIDTH + i]));
    }
}

// A block for each row. logits: (rows, stride); logProbabilities: (rows, vocabulary), overwritten.
extern "C" __global__ void __launch_bounds__(THREADS)
log_softmax(int vocabulary, int stride, const float* logits, float* logProbabilities) {
    DYNAMIC_SHARED(Extent, shared);
    const float* row = logits + (long long) blockIdx.x * stride;
    Extent all = extentOf(row, vocabulary, shared);
    float logOfSum = logf(all.sum);
    for (int v = threadIdx.x; v < vocabulary; v += THREADS) {
        logProbabilities[(long long) blockIdx.x * vocabulary + v] = row[v] - all.maximum - logOfSum;
    }
}
