// The sums of a matrix's columns in a fixed order: the gradient of a linear layer's bias. Blocks sum rows, and then those sums
// are summed.
//
// Compiled for: ACTIVATION (float or bf16), ROWS (of a block).
#include "intrinsics.cuh"

// Grid: (columns / threads, rows / ROWS). matrix: (rows, columns); partial: (gridDim.y, columns), overwritten.
extern "C" __global__ void column_sums(int rows, int columns, const ACTIVATION* matrix, float* partial) {
    int column = blockIdx.x * blockDim.x + threadIdx.x;
    if (column >= columns) {
        return;
    }
    int first = blockIdx.y * ROWS;
    int last = min(first + ROWS, rows);
    float sum = 0;
    for (int row = first; row < last; row++) {
        sum += toFloat(matrix[(long long) row * columns + column]);
    }
    partial[(long long) blockIdx.y * columns + column] = sum;
}

// partial: (parts, columns); sums: (columns), overwritten.
extern "C" __global__ void column_sums_of_parts(int parts, int columns, const float* partial, float* sums) {
    int column = blockIdx.x * blockDim.x + threadIdx.x;
    if (column >= columns) {
        return;
    }
    float sum = 0;
    for (int part = 0; part < parts; part++) {
        sum += partial[(long long) part * columns + column];
    }
    sums[column] = sum;
}
