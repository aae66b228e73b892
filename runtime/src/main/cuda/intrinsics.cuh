// What kernels need beside plain CUDA C++, which NVRTC knows without headers: bfloat16, memory accesses of several
// elements, sums over a warp, and the instructions of the matrix units.
//
// PTX: https://docs.nvidia.com/cuda/parallel-thread-execution/
#pragma once

// Tests compile kernels for the host, where they define the same in C++.
#ifndef CULEBRA_HOST
// The upper half of a float.
struct bf16 {
    unsigned short bits;
};

#define DYNAMIC_SHARED(type, name) extern __shared__ __align__(128) type name[]

// Rounded to nearest, ties to even.
__device__ __forceinline__ bf16 roundToBf16(float x) {
    bf16 rounded;
    asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(rounded.bits) : "f"(x));
    return rounded;
}

// Rounded to the 10 bits of mantissa that the matrix units take.
__device__ __forceinline__ float roundToTf32(float x) {
    unsigned int rounded;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(rounded) : "f"(x));
    return __uint_as_float(rounded);
}

// c (16, 8) += a (16, 16) b (16, 8). With g = lane / 4 and t = lane % 4, a lane holds of
//   a: rows g, g+8, g, g+8 of columns 2t, 2t+1 (first two) and 2t+8, 2t+9 (last two), two elements in a register;
//   b: rows 2t, 2t+1 and 2t+8, 2t+9 of column g;
//   c: columns 2t, 2t+1 of rows g (first two) and g+8 (last two).
__device__ __forceinline__ void multiplyBf16(float (&c)[4], const unsigned int (&a)[4], const unsigned int (&b)[2]) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
        "{%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// c (16, 8) += a (16, 8) b (8, 8), of numbers rounded to TF32. A lane holds of
//   a: rows g, g+8, g, g+8 of columns t (first two) and t+4 (last two);
//   b: rows t and t+4 of column g;
//   c: as above.
__device__ __forceinline__ void multiplyTf32(float (&c)[4], const float (&a)[4], const float (&b)[2]) {
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
        "{%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(__float_as_uint(a[0])), "r"(__float_as_uint(a[1])), "r"(__float_as_uint(a[2])),
          "r"(__float_as_uint(a[3])), "r"(__float_as_uint(b[0])), "r"(__float_as_uint(b[1])));
}
#endif

// Of a loop over all elements by all threads: where a thread begins, and how far it goes at once.
__device__ __forceinline__ long long firstElement() { return (long long) blockIdx.x * blockDim.x + threadIdx.x; }

__device__ __forceinline__ long long allThreads() { return (long long) gridDim.x * blockDim.x; }

__device__ __forceinline__ float negativeInfinity() { return -__int_as_float(0x7f800000); }

__device__ __forceinline__ float toFloat(float x) { return x; }

__device__ __forceinline__ float toFloat(bf16 x) { return __uint_as_float((unsigned int) x.bits << 16); }

template <class T>
__device__ __forceinline__ T fromFloat(float x);

template <>
__device__ __forceinline__ float fromFloat<float>(float x) {
    return x;
}

template <>
__device__ __forceinline__ bf16 fromFloat<bf16>(float x) {
    return roundToBf16(x);
}

// Elements that are read or written at once: their address must be a multiple of their size.
template <class T, int COUNT>
struct alignas(sizeof(T) * COUNT) Pack {
    T at[COUNT];
};

template <int COUNT, class T>
__device__ __forceinline__ Pack<T, COUNT> load(const T* from) {
    return *reinterpret_cast<const Pack<T, COUNT>*>(from);
}

template <int COUNT, class T>
__device__ __forceinline__ void store(T* to, const Pack<T, COUNT>& pack) {
    *reinterpret_cast<Pack<T, COUNT>*>(to) = pack;
}

// All lanes get the sum over the lanes of a group of so many (a power of two); the order is always the same.
template <int LANES = 32, class T>
__device__ __forceinline__ T sumOverLanes(T x) {
    for (int distance = LANES / 2; distance > 0; distance /= 2) {
        x += __shfl_xor_sync(0xffffffffu, x, distance);
    }
    return x;
}

template <int LANES = 32>
__device__ __forceinline__ float maxOverLanes(float x) {
    for (int distance = LANES / 2; distance > 0; distance /= 2) {
        x = fmaxf(x, __shfl_xor_sync(0xffffffffu, x, distance));
    }
    return x;
}

// All threads of a block of COUNT warps get the sum; the order is always the same. shared: COUNT elements, which may be
// used again after the next barrier.
template <int COUNT, class T>
__device__ __forceinline__ T sumOverBlock(T x, T* shared) {
    x = sumOverLanes(x);
    if (threadIdx.x % 32 == 0) {
        shared[threadIdx.x / 32] = x;
    }
    __syncthreads();
    T sum = shared[0];
    for (int warp = 1; warp < COUNT; warp++) {
        sum += shared[warp];
    }
    return sum;
}
