// Zeroes elements, each with the same probability, and scales the others; what is zeroed depends on seed, stream, step and
// index alone. The random numbers are those of the other backends: Philox4x32-10, whose counter is (index / 4, stream, low
// half of step, high half) and whose key is the seed; element i takes word i % 4.
//
// Compiled for: ACTIVATION (float or bf16).
//
// Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"
#include "intrinsics.cuh"

__device__ void philox(unsigned int (&words)[4], unsigned long long key) {
    unsigned int key0 = (unsigned int) key;
    unsigned int key1 = (unsigned int) (key >> 32);
    for (int round = 0; round < 10; round++) {
        unsigned int high0 = __umulhi(0xD2511F53u, words[0]);
        unsigned int low0 = 0xD2511F53u * words[0];
        unsigned int high1 = __umulhi(0xCD9E8D57u, words[2]);
        unsigned int low1 = 0xCD9E8D57u * words[2];
        words[0] = high1 ^ words[1] ^ key0;
        words[1] = low1;
        words[2] = high0 ^ words[3] ^ key1;
        words[3] = low0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
}

// x: (elements), in place. A word below threshold zeroes. step lies on the device, so that a graph can be replayed.
extern "C" __global__ void dropout(int elements, unsigned long long threshold, float scale, unsigned long long seed,
                                   unsigned int stream, const unsigned long long* step, ACTIVATION* x) {
    unsigned int group = blockIdx.x * blockDim.x + threadIdx.x;
    if (4ll * group >= elements) {
        return;
    }
    unsigned int words[4] = {group, stream, (unsigned int) *step, (unsigned int) (*step >> 32)};
    philox(words, seed);
    for (int word = 0; word < 4; word++) {
        long long i = 4ll * group + word;
        if (i < elements) {
            x[i] = words[word] < threshold ? fromFloat<ACTIVATION>(0) : fromFloat<ACTIVATION>(toFloat(x[i]) * scale);
        }
    }
}
