// y[b, t] = tokenTable[tokens[b, t]] + positionTable[t], and the gradients of the tables. Sums are taken in the order of
// the positions, by one thread each, so that they are the same in every run.
//
// Compiled for: ACTIVATION (float or bf16), WIDTH, VECTOR (elements read at once, a divisor of WIDTH), POSITIONS (1 if there
// is a position table), THREADS (of a block).
#include "intrinsics.cuh"

// A block for each row of y. tokens: (B, T); tokenTable: (V, WIDTH); positionTable: (positions, WIDTH); y: (B, T, WIDTH),
// overwritten.
extern "C" __global__ void embedding_forward(int sequenceLength, const int* tokens, const float* tokenTable,
                                             const float* positionTable, ACTIVATION* y) {
    long long row = blockIdx.x;
    const float* token = tokenTable + (long long) tokens[row] * WIDTH;
    const float* position = positionTable + row % sequenceLength * WIDTH;
    for (int first = threadIdx.x * VECTOR; first < WIDTH; first += THREADS * VECTOR) {
        Pack<float, VECTOR> sum = load<VECTOR>(token + first);
        if (POSITIONS) {
            Pack<float, VECTOR> added = load<VECTOR>(position + first);
            for (int i = 0; i < VECTOR; i++) {
                sum.at[i] += added.at[i];
            }
        }
        Pack<ACTIVATION, VECTOR> rounded;
        for (int i = 0; i < VECTOR; i++) {
            rounded.at[i] = fromFloat<ACTIVATION>(sum.at[i]);
        }
        store(y + row * WIDTH + first, rounded);
    }
}

// A block of THREADS for each row of dy: the first row with its token adds up those of all rows with that token; the others,
// and those of token 0, have nothing to do. tokens: (rows); dy: (rows, WIDTH); dTokenTable: (V, WIDTH), added to.
extern "C" __global__ void __launch_bounds__(THREADS)
embedding_backward_tokens(int rows, const int* tokens, const ACTIVATION* dy, float* dTokenTable) {
    DYNAMIC_SHARED(unsigned int, votes);  // (THREADS / 32): of each warp, which of its rows have the token
    constexpr int COLUMNS = (WIDTH + THREADS - 1) / THREADS;
    int row = blockIdx.x;
    int token = tokens[row];
    int known = token == 0;
    for (int earlier = threadIdx.x; earlier < row; earlier += THREADS) {
        known |= tokens[earlier] == token;
    }
    if (__syncthreads_or(known)) {
        return;
    }
    float sums[COLUMNS] = {};
    for (int first = row; first < rows; first += THREADS) {
        int mine = first + threadIdx.x;
        unsigned int vote = __ballot_sync(0xffffffffu, mine < rows && tokens[mine] == token);
        if (threadIdx.x % 32 == 0) {
            votes[threadIdx.x / 32] = vote;
        }
        __syncthreads();
        for (int warp = 0; warp < THREADS / 32; warp++) {
            for (unsigned int left = votes[warp]; left != 0; left &= left - 1) {
                const ACTIVATION* gradient = dy + (first + warp * 32 + __ffs(left) - 1ll) * WIDTH;
                for (int i = 0; i < COLUMNS; i++) {
                    int column = i * THREADS + threadIdx.x;
                    sums[i] += column < WIDTH ? toFloat(gradient[column]) : 0;
                }
            }
        }
        __syncthreads();
    }
    for (int i = 0; i < COLUMNS; i++) {
        int column = i * THREADS + threadIdx.x;
        if (column < WIDTH) {
            dTokenTable[(long long) token * WIDTH + column] += sums[i];
        }
    }
}

// A thread for each element of the first sequenceLength rows. dy: (batch, sequenceLength, WIDTH); dPositionTable:
// (positions, WIDTH), of which so many rows are overwritten.
extern "C" __global__ void embedding_backward_positions(int batch, int sequenceLength, const ACTIVATION* dy,
                                                        float* dPositionTable) {
    long long elements = (long long) sequenceLength * WIDTH;
    long long i = (long long) blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= elements) {
        return;
    }
    float sum = 0;
    for (int sequence = 0; sequence < batch; sequence++) {
        sum += toFloat(dy[sequence * elements + i]);
    }
    dPositionTable[i] = sum;
}
