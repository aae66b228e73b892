// Causal attention of the next positions of sequences whose earlier keys and values are kept, and which keeps theirs too.
//
// A block takes one query of one head; its warps take every so many-th key each, with a running maximum and sum, and add up
// what they found in a fixed order. The lanes of a warp share out the elements of a head.
//
// Compiled for: ACTIVATION (float or bf16), HEAD (the size d of a head), WARPS of a block.
#include "intrinsics.cuh"

constexpr int CHUNKS = (HEAD + 31) / 32;

// A lane's part of a query, key, value or sum: every 32nd element; 0 behind the head.
struct Part {
    float at[CHUNKS];

    __device__ static Part read(const ACTIVATION* from, int lane) {
        Part part;
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            int i = chunk * 32 + lane;
            part.at[chunk] = i < HEAD ? toFloat(from[i]) : 0;
        }
        return part;
    }
};

// Grid: (new positions, heads, sequences). queriesKeysValues: (B, N, 3, m, d); position: (1), p; keysValues: (B, capacity, 2,
// m, d), read before p, written at p..p+N-1; output: (B, N, m, d), overwritten.
extern "C" __global__ void __launch_bounds__(32 * WARPS)
cached_attention(int newPositions, int capacity, int heads, float scale, const ACTIVATION* queriesKeysValues,
                 const int* position, ACTIVATION* keysValues, ACTIVATION* output) {
    DYNAMIC_SHARED(float, shared);
    float* maxima = shared;             // (WARPS)
    float* totals = maxima + WARPS;     // (WARPS)
    float* sums = totals + WARPS;       // (WARPS, HEAD)
    int warp = threadIdx.x / 32;
    int lane = threadIdx.x % 32;
    int first = *position;
    long long width = (long long) heads * HEAD;
    long long head = (long long) blockIdx.y * HEAD;
    // Keys of this call are read where they came from: other blocks may not have kept theirs yet.
    const ACTIVATION* packed = queriesKeysValues + (long long) blockIdx.z * newPositions * 3 * width + head;
    ACTIVATION* kept = keysValues + (long long) blockIdx.z * capacity * 2 * width + head;
    const ACTIVATION* mine = packed + blockIdx.x * 3 * width;
    ACTIVATION* keep = kept + (first + (long long) blockIdx.x) * 2 * width;
    for (int i = threadIdx.x; i < HEAD; i += 32 * WARPS) {
        keep[i] = mine[width + i];
        keep[width + i] = mine[2 * width + i];
    }
    Part query = Part::read(mine, lane);
    Part sum = {};
    float maximum = negativeInfinity();
    float total = 0;
    for (int key = warp; key <= first + (int) blockIdx.x; key += WARPS) {
        const ACTIVATION* row = key < first ? kept + key * 2 * width : packed + (key - first) * 3 * width + width;
        Part keys = Part::read(row, lane);
        Part values = Part::read(row + width, lane);
        float score = 0;
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            score += query.at[chunk] * keys.at[chunk];
        }
        score = sumOverLanes(score) * scale;
        float larger = fmaxf(maximum, score);
        float shrink = expf(maximum - larger);
        float weight = expf(score - larger);
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            sum.at[chunk] = sum.at[chunk] * shrink + weight * values.at[chunk];
        }
        total = total * shrink + weight;
        maximum = larger;
    }
    if (lane == 0) {
        maxima[warp] = maximum;
        totals[warp] = total;
    }
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
        int i = chunk * 32 + lane;
        if (i < HEAD) {
            sums[warp * HEAD + i] = sum.at[chunk];
        }
    }
    __syncthreads();
    // The first warp has seen key 0, so the largest is finite; a warp without keys counts for nothing.
    float largest = maxima[0];
    for (int w = 1; w < WARPS; w++) {
        largest = fmaxf(largest, maxima[w]);
    }
    float all = 0;
    for (int w = 0; w < WARPS; w++) {
        all += totals[w] * expf(maxima[w] - largest);
    }
    for (int i = threadIdx.x; i < HEAD; i += 32 * WARPS) {
        float x = 0;
        for (int w = 0; w < WARPS; w++) {
            x += sums[w * HEAD + i] * expf(maxima[w] - largest);
        }
        output[((long long) blockIdx.z * newPositions + blockIdx.x) * width + head + i] = fromFloat<ACTIVATION>(x / all);
    }
}
