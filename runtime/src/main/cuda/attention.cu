// Causal attention that never stores the weights: O = softmax(Q K^T / sqrt(d)) V, tile after tile of keys with a running
// maximum and sum of each row, and its gradients, for which the weights are computed again from log-sum-exp.
//
// A block of four warps takes a tile of 64 queries (or, for the gradients of keys and values, 64 keys) of one head; each warp
// owns 16 rows of it. Tiles lie in shared memory with rows of PITCH elements, zero behind the sequence and the head. Every sum
// is taken by one warp in a fixed order.
//
// Compiled for: PRECISION (FP32, TF32 or BF16: how products are computed), ACTIVATION (float or bf16, which BF16 needs), HEAD
// (the size d of a head), VECTOR (elements read at once, a divisor of HEAD).
//
// Dao 2023, "FlashAttention-2", https://arxiv.org/abs/2307.08691
#include "intrinsics.cuh"

#define FP32 0
#define TF32 1
#define BF16 2

constexpr int TILE = 64;
constexpr int WARPS = 4;
constexpr int THREADS = 32 * WARPS;
constexpr int DEPTH = (HEAD + 15) / 16 * 16;  // of the products over d
// Rows start in different banks: 4 banks apart, which the fragments' accesses want.
constexpr int PAD = PRECISION == BF16 ? 8 : 4;
constexpr int PITCH = DEPTH + PAD;
constexpr int SQUARE_PITCH = TILE + PAD;
constexpr float LOG2_E = 1.4426950408889634f;

// An operand of a product, in shared memory: element (i, k) lies at i * ROW + k * COLUMN.
template <int ROW, int COLUMN>
struct Operand {
    const ACTIVATION* data;

    __device__ ACTIVATION at(int i, int k) const { return data[i * ROW + k * COLUMN]; }

    // Elements (i, k) and (i, k+1), k even, as the matrix units take them.
    __device__ unsigned int pair(int i, int k) const {
        if constexpr (COLUMN == 1 && sizeof(ACTIVATION) == 2) {
            return *reinterpret_cast<const unsigned int*>(data + i * ROW + k);
        } else {
            return (unsigned int) roundToBf16(toFloat(at(i, k))).bits
                | (unsigned int) roundToBf16(toFloat(at(i, k + 1))).bits << 16;
        }
    }

    __device__ float number(int i, int k) const { return toFloat(at(i, k)); }
};

using Rows = Operand<PITCH, 1>;                  // a tile (64, d)
using Columns = Operand<1, PITCH>;               // its transpose
using Square = Operand<SQUARE_PITCH, 1>;         // a tile (64, 64)
using SquareTransposed = Operand<1, SQUARE_PITCH>;

// 16 rows of a product, spread over a warp: with g = lane / 4 and t = lane % 4, columns 8n + 2t and 8n + 2t + 1 of rows g
// (elements 0, 1) and g + 8 (elements 2, 3).
template <int COLUMNS>
struct Fragment {
    float at[COLUMNS / 8][4];

    __device__ void clear() {
        for (int n = 0; n < COLUMNS / 8; n++) {
            for (int i = 0; i < 4; i++) {
                at[n][i] = 0;
            }
        }
    }

    // f(row, column, element) for each element: row in 0..15, column in 0..COLUMNS-1.
    template <class F>
    __device__ void forEach(F f) {
        int group = threadIdx.x % 32 / 4;
        int column = threadIdx.x % 4 * 2;
        for (int n = 0; n < COLUMNS / 8; n++) {
            for (int i = 0; i < 4; i++) {
                f(group + i / 2 * 8, n * 8 + column + i % 2, at[n][i]);
            }
        }
    }

    // += a b^T: a has rows first.. of 16, b COLUMNS rows, both K columns.
    template <int K, class A, class B>
    __device__ void addProduct(const A& a, int first, const B& b) {
        int group = threadIdx.x % 32 / 4;
        int inGroup = threadIdx.x % 4;
        int row = first + group;
        if constexpr (PRECISION == BF16) {
            for (int k = 0; k < K; k += 16) {
                int here = k + 2 * inGroup;
                unsigned int left[4] = {a.pair(row, here), a.pair(row + 8, here), a.pair(row, here + 8),
                                        a.pair(row + 8, here + 8)};
                for (int n = 0; n < COLUMNS / 8; n++) {
                    unsigned int right[2] = {b.pair(n * 8 + group, here), b.pair(n * 8 + group, here + 8)};
                    multiplyBf16(at[n], left, right);
                }
            }
        } else if constexpr (PRECISION == TF32) {
            for (int k = 0; k < K; k += 8) {
                int here = k + inGroup;
                float left[4] = {roundToTf32(a.number(row, here)), roundToTf32(a.number(row + 8, here)),
                                 roundToTf32(a.number(row, here + 4)), roundToTf32(a.number(row + 8, here + 4))};
                for (int n = 0; n < COLUMNS / 8; n++) {
                    float right[2] = {roundToTf32(b.number(n * 8 + group, here)),
                                      roundToTf32(b.number(n * 8 + group, here + 4))};
                    multiplyTf32(at[n], left, right);
                }
            }
        } else {
            for (int k = 0; k < K; k++) {
                float upper = a.number(row, k);
                float lower = a.number(row + 8, k);
                for (int n = 0; n < COLUMNS / 8; n++) {
                    float even = b.number(n * 8 + 2 * inGroup, k);
                    float odd = b.number(n * 8 + 2 * inGroup + 1, k);
                    at[n][0] += upper * even;
                    at[n][1] += upper * odd;
                    at[n][2] += lower * even;
                    at[n][3] += lower * odd;
                }
            }
        }
    }
};

// Which head of which sequence a block works on, and where its rows lie.
struct Head {
    int sequenceLength;
    int heads;

    __device__ long long packed(int which) const {  // in (B, T, 3, m, d): which of queries, keys, values
        return ((long long) blockIdx.z * sequenceLength * 3 + which) * heads * HEAD + (long long) blockIdx.y * HEAD;
    }

    __device__ long long packedStride() const { return 3ll * heads * HEAD; }

    __device__ long long merged() const {  // in (B, T, m, d)
        return (long long) blockIdx.z * sequenceLength * heads * HEAD + (long long) blockIdx.y * HEAD;
    }

    __device__ long long mergedStride() const { return (long long) heads * HEAD; }

    __device__ long long perRow() const {  // in (B, m, T)
        return ((long long) blockIdx.z * heads + blockIdx.y) * sequenceLength;
    }
};

// Reads 64 rows, first.. of sequenceLength, into a tile; the block must wait before it reads them.
__device__ void readTile(const ACTIVATION* from, long long stride, int first, int sequenceLength, ACTIVATION* tile) {
    constexpr int CHUNKS = (DEPTH + VECTOR - 1) / VECTOR;
    for (int i = threadIdx.x; i < TILE * CHUNKS; i += THREADS) {
        int row = i / CHUNKS;
        int column = i % CHUNKS * VECTOR;
        Pack<ACTIVATION, VECTOR> values = {};
        if (first + row < sequenceLength && column < HEAD) {
            values = load<VECTOR>(from + (first + row) * stride + column);
        }
        store(tile + row * PITCH + column, values);
    }
}

// Writes a warp's 16 rows, as far as they are in the sequence, times scale.
__device__ void writeRows(Fragment<DEPTH>& rows, float scale, ACTIVATION* to, long long stride, int first,
                          int sequenceLength) {
    rows.forEach([&](int row, int column, float value) {
        if (first + row < sequenceLength && column < HEAD) {
            to[(first + row) * stride + column] = fromFloat<ACTIVATION>(value * scale);
        }
    });
}

// Stores a warp's 16 rows of a (64, 64) tile.
__device__ void storeSquare(Fragment<TILE>& rows, int first, ACTIVATION* tile) {
    rows.forEach([&](int row, int column, float value) {
        tile[(first + row) * SQUARE_PITCH + column] = fromFloat<ACTIVATION>(value);
    });
}

// Grid: (tiles of queries, heads, sequences). queriesKeysValues: (B, T, 3, m, d); logSumExp: (B, m, T) and output:
// (B, T, m, d), overwritten.
extern "C" __global__ void __launch_bounds__(THREADS)
attention_forward(int sequenceLength, int heads, float scale, const ACTIVATION* queriesKeysValues, float* logSumExp,
                  ACTIVATION* output) {
    DYNAMIC_SHARED(ACTIVATION, shared);
    ACTIVATION* queries = shared;
    ACTIVATION* keys = queries + TILE * PITCH;
    ACTIVATION* values = keys + TILE * PITCH;
    ACTIVATION* weights = values + TILE * PITCH;  // (64, 64)
    Head head = {sequenceLength, heads};
    int firstQuery = blockIdx.x * TILE;
    int firstRow = threadIdx.x / 32 * 16;
    readTile(queriesKeysValues + head.packed(0), head.packedStride(), firstQuery, sequenceLength, queries);
    Fragment<DEPTH> sums;
    sums.clear();
    float maximum[2] = {negativeInfinity(), negativeInfinity()};
    float total[2] = {0, 0};
    for (int firstKey = 0; firstKey <= firstQuery; firstKey += TILE) {
        __syncthreads();
        readTile(queriesKeysValues + head.packed(1), head.packedStride(), firstKey, sequenceLength, keys);
        readTile(queriesKeysValues + head.packed(2), head.packedStride(), firstKey, sequenceLength, values);
        __syncthreads();
        Fragment<TILE> scores;
        scores.clear();
        scores.addProduct<DEPTH>(Rows{queries}, firstRow, Rows{keys});
        float largest[2] = {maximum[0], maximum[1]};
        scores.forEach([&](int row, int column, float& score) {
            bool sees = firstKey + column <= firstQuery + firstRow + row;
            score = sees ? score * (scale * LOG2_E) : negativeInfinity();
            largest[row / 8] = fmaxf(largest[row / 8], score);
        });
        float shrink[2];
        for (int half = 0; half < 2; half++) {
            largest[half] = maxOverLanes<4>(largest[half]);
            shrink[half] = exp2f(maximum[half] - largest[half]);
            maximum[half] = largest[half];
            total[half] *= shrink[half];
        }
        scores.forEach([&](int row, int, float& score) {
            score = exp2f(score - maximum[row / 8]);
            total[row / 8] += score;
        });
        sums.forEach([&](int row, int, float& sum) { sum *= shrink[row / 8]; });
        storeSquare(scores, firstRow, weights);
        __syncwarp();
        sums.addProduct<TILE>(Square{weights}, firstRow, Columns{values});
    }
    for (int half = 0; half < 2; half++) {
        total[half] = sumOverLanes<4>(total[half]);
        int query = firstQuery + firstRow + threadIdx.x % 32 / 4 + half * 8;
        if (threadIdx.x % 4 == 0 && query < sequenceLength) {
            logSumExp[head.perRow() + query] = maximum[half] / LOG2_E + logf(total[half]);
        }
    }
    sums.forEach([&](int row, int, float& sum) { sum /= total[row / 8]; });
    writeRows(sums, 1, output + head.merged(), head.mergedStride(), firstQuery + firstRow, sequenceLength);
}

// The weights of 16 queries for 64 keys, from log-sum-exp (in the tile's order).
__device__ void computeWeights(Fragment<TILE>& weights, const ACTIVATION* queries, const ACTIVATION* keys,
                               const float* logSumExp, float scale, int firstQuery, int firstRow, int firstKey) {
    weights.clear();
    weights.addProduct<DEPTH>(Rows{queries}, firstRow, Rows{keys});
    weights.forEach([&](int row, int column, float& weight) {
        bool sees = firstKey + column <= firstQuery + firstRow + row;
        weight = sees ? expf(weight * scale - logSumExp[firstRow + row]) : 0;
    });
}

// The gradient of the scores: P (dO V^T - D), where weights holds P.
__device__ void toScoreGradients(Fragment<TILE>& weights, const ACTIVATION* outputGradients, const ACTIVATION* values,
                                 const float* dots, int firstRow) {
    Fragment<TILE> gradients;
    gradients.clear();
    gradients.addProduct<DEPTH>(Rows{outputGradients}, firstRow, Rows{values});
    for (int n = 0; n < TILE / 8; n++) {
        for (int i = 0; i < 4; i++) {
            float dot = dots[firstRow + threadIdx.x % 32 / 4 + i / 2 * 8];
            weights.at[n][i] *= gradients.at[n][i] - dot;
        }
    }
}

// Reads what each of 64 queries has one number of; 0 behind the sequence.
__device__ void readNumbers(const float* from, int first, int sequenceLength, float* to) {
    if (threadIdx.x < TILE) {
        int row = first + threadIdx.x;
        to[threadIdx.x] = row < sequenceLength ? from[row] : 0;
    }
}

// D = the dot products of output and its gradient, a warp for each (b, t, head). Grid: blocks of WARPS rows of (B T m).
// dots: (B, m, T), overwritten.
extern "C" __global__ void __launch_bounds__(THREADS)
attention_dots(int rows, int sequenceLength, int heads, const ACTIVATION* output, const ACTIVATION* dOutput,
               float* dots) {
    int row = blockIdx.x * WARPS + threadIdx.x / 32;  // in (B, T, m)
    if (row >= rows) {
        return;
    }
    float sum = 0;
    for (int i = threadIdx.x % 32; i < HEAD; i += 32) {
        sum += toFloat(output[(long long) row * HEAD + i]) * toFloat(dOutput[(long long) row * HEAD + i]);
    }
    sum = sumOverLanes(sum);
    if (threadIdx.x % 32 == 0) {
        int head = row % heads;
        int position = row / heads % sequenceLength;
        int sequence = row / heads / sequenceLength;
        dots[((long long) sequence * heads + head) * sequenceLength + position] = sum;
    }
}

// dQ = dS K / sqrt(d). Grid as forward. dQueriesKeysValues: (B, T, 3, m, d), the queries' part overwritten.
extern "C" __global__ void __launch_bounds__(THREADS)
attention_backward_queries(int sequenceLength, int heads, float scale, const ACTIVATION* queriesKeysValues,
                           const float* logSumExp, const float* dots, const ACTIVATION* dOutput,
                           ACTIVATION* dQueriesKeysValues) {
    DYNAMIC_SHARED(ACTIVATION, shared);
    ACTIVATION* queries = shared;
    ACTIVATION* outputGradients = queries + TILE * PITCH;
    ACTIVATION* keys = outputGradients + TILE * PITCH;
    ACTIVATION* values = keys + TILE * PITCH;
    ACTIVATION* scoreGradients = values + TILE * PITCH;  // (64, 64)
    float* rowNumbers = reinterpret_cast<float*>(scoreGradients + TILE * SQUARE_PITCH);  // (2, 64)
    Head head = {sequenceLength, heads};
    int firstQuery = blockIdx.x * TILE;
    int firstRow = threadIdx.x / 32 * 16;
    readTile(queriesKeysValues + head.packed(0), head.packedStride(), firstQuery, sequenceLength, queries);
    readTile(dOutput + head.merged(), head.mergedStride(), firstQuery, sequenceLength, outputGradients);
    readNumbers(logSumExp + head.perRow(), firstQuery, sequenceLength, rowNumbers);
    readNumbers(dots + head.perRow(), firstQuery, sequenceLength, rowNumbers + TILE);
    Fragment<DEPTH> sums;
    sums.clear();
    for (int firstKey = 0; firstKey <= firstQuery; firstKey += TILE) {
        __syncthreads();
        readTile(queriesKeysValues + head.packed(1), head.packedStride(), firstKey, sequenceLength, keys);
        readTile(queriesKeysValues + head.packed(2), head.packedStride(), firstKey, sequenceLength, values);
        __syncthreads();
        Fragment<TILE> weights;
        computeWeights(weights, queries, keys, rowNumbers, scale, firstQuery, firstRow, firstKey);
        toScoreGradients(weights, outputGradients, values, rowNumbers + TILE, firstRow);
        storeSquare(weights, firstRow, scoreGradients);
        __syncwarp();
        sums.addProduct<TILE>(Square{scoreGradients}, firstRow, Columns{keys});
    }
    writeRows(sums, scale, dQueriesKeysValues + head.packed(0), head.packedStride(), firstQuery + firstRow,
              sequenceLength);
}

// dK = dS^T Q / sqrt(d), dV = P^T dO. Grid: (tiles of keys, heads, sequences). dQueriesKeysValues: (B, T, 3, m, d), the parts
// of keys and values overwritten.
extern "C" __global__ void __launch_bounds__(THREADS)
attention_backward_keys(int sequenceLength, int heads, float scale, const ACTIVATION* queriesKeysValues,
                        const float* logSumExp, const float* dots, const ACTIVATION* dOutput,
                        ACTIVATION* dQueriesKeysValues) {
    DYNAMIC_SHARED(ACTIVATION, shared);
    ACTIVATION* keys = shared;
    ACTIVATION* values = keys + TILE * PITCH;
    ACTIVATION* queries = values + TILE * PITCH;
    ACTIVATION* outputGradients = queries + TILE * PITCH;
    ACTIVATION* weightTile = outputGradients + TILE * PITCH;        // (64, 64): P
    ACTIVATION* gradientTile = weightTile + TILE * SQUARE_PITCH;    // (64, 64): dS
    float* rowNumbers = reinterpret_cast<float*>(gradientTile + TILE * SQUARE_PITCH);  // (2, 64)
    Head head = {sequenceLength, heads};
    int firstKey = blockIdx.x * TILE;
    int firstRow = threadIdx.x / 32 * 16;
    readTile(queriesKeysValues + head.packed(1), head.packedStride(), firstKey, sequenceLength, keys);
    readTile(queriesKeysValues + head.packed(2), head.packedStride(), firstKey, sequenceLength, values);
    Fragment<DEPTH> keySums;
    Fragment<DEPTH> valueSums;
    keySums.clear();
    valueSums.clear();
    for (int firstQuery = firstKey; firstQuery < sequenceLength; firstQuery += TILE) {
        __syncthreads();
        readTile(queriesKeysValues + head.packed(0), head.packedStride(), firstQuery, sequenceLength, queries);
        readTile(dOutput + head.merged(), head.mergedStride(), firstQuery, sequenceLength, outputGradients);
        readNumbers(logSumExp + head.perRow(), firstQuery, sequenceLength, rowNumbers);
        readNumbers(dots + head.perRow(), firstQuery, sequenceLength, rowNumbers + TILE);
        __syncthreads();
        Fragment<TILE> weights;
        computeWeights(weights, queries, keys, rowNumbers, scale, firstQuery, firstRow, firstKey);
        storeSquare(weights, firstRow, weightTile);
        toScoreGradients(weights, outputGradients, values, rowNumbers + TILE, firstRow);
        storeSquare(weights, firstRow, gradientTile);
        __syncthreads();
        // Queries behind the sequence count for nothing: their dO and Q are 0.
        valueSums.addProduct<TILE>(SquareTransposed{weightTile}, firstRow, Columns{outputGradients});
        keySums.addProduct<TILE>(SquareTransposed{gradientTile}, firstRow, Columns{queries});
    }
    writeRows(keySums, scale, dQueriesKeysValues + head.packed(1), head.packedStride(), firstKey + firstRow,
              sequenceLength);
    writeRows(valueSums, 1, dQueriesKeysValues + head.packed(2), head.packedStride(), firstKey + firstRow,
              sequenceLength);
}

// All weights, for looking at. Grid: (queries, heads, sequences), a warp each. weights: (B, m, T, T), overwritten.
extern "C" __global__ void __launch_bounds__(32)
attention_weights(int sequenceLength, int heads, float scale, const ACTIVATION* queriesKeysValues,
                  ACTIVATION* weights) {
    DYNAMIC_SHARED(float, scores);  // (T)
    Head head = {sequenceLength, heads};
    int query = blockIdx.x;
    const ACTIVATION* q = queriesKeysValues + head.packed(0) + query * head.packedStride();
    const ACTIVATION* keys = queriesKeysValues + head.packed(1);
    ACTIVATION* row = weights + (head.perRow() + query) * sequenceLength;
    float maximum = negativeInfinity();
    for (int key = threadIdx.x; key <= query; key += 32) {
        float score = 0;
        for (int i = 0; i < HEAD; i++) {
            score += toFloat(q[i]) * toFloat(keys[key * head.packedStride() + i]);
        }
        scores[key] = score * scale;
        maximum = fmaxf(maximum, score * scale);
    }
    maximum = maxOverLanes(maximum);
    float total = 0;
    for (int key = threadIdx.x; key <= query; key += 32) {
        total += expf(scores[key] - maximum);
    }
    total = sumOverLanes(total);
    for (int key = threadIdx.x; key < sequenceLength; key += 32) {
        row[key] = fromFloat<ACTIVATION>(key <= query ? expf(scores[key] - maximum) / total : 0);
    }
}
