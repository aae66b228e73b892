// y = (s - mean(s)) rstd(s) w + b, s = x + r, row by row, and its gradients. A warp takes a row and holds it in registers.
//
// Compiled for: ACTIVATION (float or bf16), FEATURES, VECTOR (elements read at once, a divisor of FEATURES), WARPS of a
// block, RESIDUAL (1 if there is an r), BACKWARD_ROWS (rows of a block of the backward pass).
//
// Ba, Kiros, Hinton 2016, https://arxiv.org/abs/1607.06450
#include "intrinsics.cuh"

constexpr int STRIDE = 32 * VECTOR;
constexpr int CHUNKS = (FEATURES + STRIDE - 1) / STRIDE;

// A lane's part of a row: CHUNKS times VECTOR consecutive elements, STRIDE apart; 0 behind the end of the row.
struct Row {
    float at[CHUNKS][VECTOR];

    template <class T>
    __device__ static Row read(const T* row, int lane) {
        Row values;
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            int first = chunk * STRIDE + lane * VECTOR;
            if (first < FEATURES) {
                Pack<T, VECTOR> pack = load<VECTOR>(row + first);
                for (int i = 0; i < VECTOR; i++) {
                    values.at[chunk][i] = toFloat(pack.at[i]);
                }
            } else {
                for (int i = 0; i < VECTOR; i++) {
                    values.at[chunk][i] = 0;
                }
            }
        }
        return values;
    }

    template <class T>
    __device__ void write(T* row, int lane) const {
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            int first = chunk * STRIDE + lane * VECTOR;
            if (first < FEATURES) {
                Pack<T, VECTOR> pack;
                for (int i = 0; i < VECTOR; i++) {
                    pack.at[i] = fromFloat<T>(at[chunk][i]);
                }
                store(row + first, pack);
            }
        }
    }

    // f(chunk, i) for each element that is in the row.
    template <class F>
    __device__ static void forEach(int lane, F f) {
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            if (chunk * STRIDE + lane * VECTOR < FEATURES) {
                for (int i = 0; i < VECTOR; i++) {
                    f(chunk, i);
                }
            }
        }
    }
};

// x, residual, sum, y: (rows, FEATURES); weight, bias: (FEATURES); statistics: (2, rows), means and then 1 / deviations.
extern "C" __global__ void __launch_bounds__(32 * WARPS)
layer_norm_forward(int rows, float epsilon, const ACTIVATION* x, const ACTIVATION* residual, const float* weight,
                   const float* bias, ACTIVATION* sum, float* statistics, ACTIVATION* y) {
    int row = blockIdx.x * WARPS + threadIdx.x / 32;
    int lane = threadIdx.x % 32;
    if (row >= rows) {
        return;
    }
    long long start = (long long) row * FEATURES;
    Row s = Row::read(x + start, lane);
    if (RESIDUAL) {
        Row r = Row::read(residual + start, lane);
        // What is normalised is what the backward pass will read, rounding included.
        Row::forEach(lane, [&](int chunk, int i) {
            s.at[chunk][i] = toFloat(fromFloat<ACTIVATION>(s.at[chunk][i] + r.at[chunk][i]));
        });
        s.write(sum + start, lane);
    }
    float total = 0;
    Row::forEach(lane, [&](int chunk, int i) { total += s.at[chunk][i]; });
    float mean = sumOverLanes(total) / FEATURES;
    float squares = 0;
    Row::forEach(lane, [&](int chunk, int i) {
        float difference = s.at[chunk][i] - mean;
        squares += difference * difference;
    });
    float inverse = rsqrtf(sumOverLanes(squares) / FEATURES + epsilon);
    Row w = Row::read(weight, lane);
    Row b = Row::read(bias, lane);
    Row::forEach(lane, [&](int chunk, int i) {
        s.at[chunk][i] = (s.at[chunk][i] - mean) * inverse * w.at[chunk][i] + b.at[chunk][i];
    });
    s.write(y + start, lane);
    if (lane == 0) {
        statistics[row] = mean;
        statistics[rows + row] = inverse;
    }
}

// With n = (s - mean) rstd and g = dy w: ds = rstd (g - mean(g) - n mean(g n)); of the block's rows, the sums of dy n and
// of dy, for layer_norm_parameters. partial: (gridDim.x, 2, FEATURES); all overwritten.
extern "C" __global__ void __launch_bounds__(32 * WARPS)
layer_norm_backward(int rows, const ACTIVATION* sum, const float* statistics, const float* weight,
                    const ACTIVATION* dy, ACTIVATION* dSum, float* partial) {
    DYNAMIC_SHARED(float, shared);  // (WARPS, 2, FEATURES)
    int warp = threadIdx.x / 32;
    int lane = threadIdx.x % 32;
    Row w = Row::read(weight, lane);
    Row dWeight = {};
    Row dBias = {};
    for (int i = warp; i < BACKWARD_ROWS; i += WARPS) {
        int row = blockIdx.x * BACKWARD_ROWS + i;
        if (row >= rows) {
            break;
        }
        long long start = (long long) row * FEATURES;
        float mean = statistics[row];
        float inverse = statistics[rows + row];
        Row n = Row::read(sum + start, lane);
        Row g = Row::read(dy + start, lane);
        float meanOfG = 0;
        float meanOfGN = 0;
        Row::forEach(lane, [&](int chunk, int i) {
            float normalised = (n.at[chunk][i] - mean) * inverse;
            float gradient = g.at[chunk][i];
            dWeight.at[chunk][i] += gradient * normalised;
            dBias.at[chunk][i] += gradient;
            gradient *= w.at[chunk][i];
            meanOfG += gradient;
            meanOfGN += gradient * normalised;
            n.at[chunk][i] = normalised;
            g.at[chunk][i] = gradient;
        });
        meanOfG = sumOverLanes(meanOfG) / FEATURES;
        meanOfGN = sumOverLanes(meanOfGN) / FEATURES;
        Row::forEach(lane, [&](int chunk, int i) {
            g.at[chunk][i] = inverse * (g.at[chunk][i] - meanOfG - n.at[chunk][i] * meanOfGN);
        });
        g.write(dSum + start, lane);
    }
    dWeight.write(shared + warp * 2 * FEATURES, lane);
    dBias.write(shared + (warp * 2 + 1) * FEATURES, lane);
    __syncthreads();
    for (int i = threadIdx.x; i < 2 * FEATURES; i += 32 * WARPS) {
        float total = shared[i];
        for (int other = 1; other < WARPS; other++) {
            total += shared[other * 2 * FEATURES + i];
        }
        partial[(long long) blockIdx.x * 2 * FEATURES + i] = total;
    }
}

// The sums over all blocks, in their order. dWeight, dBias: (FEATURES), overwritten.
extern "C" __global__ void layer_norm_parameters(int blocks, const float* partial, float* dWeight, float* dBias) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= 2 * FEATURES) {
        return;
    }
    float total = 0;
    for (int block = 0; block < blocks; block++) {
        total += partial[(long long) block * 2 * FEATURES + i];
    }
    if (i < FEATURES) {
        dWeight[i] = total;
    } else {
        dBias[i - FEATURES] = total;
    }
}
