// Sums, swaps of axes and conversions of whole tensors: a thread for each element, or several for a thread.
//
// Compiled for: FROM and TO (float, bf16 or double), which are the same but for convert.
#include "intrinsics.cuh"

__device__ __forceinline__ double toDouble(double x) { return x; }

__device__ __forceinline__ double toDouble(float x) { return x; }

__device__ __forceinline__ double toDouble(bf16 x) { return toFloat(x); }

template <class T>
__device__ __forceinline__ T fromDouble(double x) {
    return fromFloat<T>((float) x);
}

template <>
__device__ __forceinline__ double fromDouble<double>(double x) {
    return x;
}

// target: (elements), added to.
extern "C" __global__ void add(long long elements, const FROM* source, FROM* target) {
    for (long long i = firstElement(); i < elements; i += allThreads()) {
        target[i] = fromDouble<FROM>(toDouble(target[i]) + toDouble(source[i]));
    }
}

// source: (elements); target: (elements), overwritten.
extern "C" __global__ void convert(long long elements, const FROM* source, TO* target) {
    for (long long i = firstElement(); i < elements; i += allThreads()) {
        target[i] = fromDouble<TO>(toDouble(source[i]));
    }
}

// source: (outer, rows, columns, inner); target: (outer, columns, rows, inner), overwritten.
extern "C" __global__ void swap_middle_axes(long long elements, int rows, int columns, int inner, const FROM* source,
                                            FROM* target) {
    for (long long i = firstElement(); i < elements; i += allThreads()) {
        long long rest = i;
        int k = rest % inner;
        rest /= inner;
        int row = rest % rows;
        rest /= rows;
        int column = rest % columns;
        long long outer = rest / columns;
        target[i] = source[((outer * rows + row) * columns + column) * inner + k];
    }
}
