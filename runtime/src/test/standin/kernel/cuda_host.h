// What CUDA C++ has beside C++, for kernels that are compiled for the host. Included before the source.
#pragma once

#include "image.h"
#include "sanitizer_host.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>

// The source can tell that it is compiled for the host.
#define CULEBRA_HOST 1

#ifndef STANDIN_LISTS_KERNELS
#define __global__
#endif
#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __align__(bytes) alignas(bytes)
// Blocks run one after another, so what a block shares may be what the process has.
#define __shared__ static
// Device code says: extern __shared__ float x[]; but no macro turns that into C++.
#define DYNAMIC_SHARED(type, name) type* const name = reinterpret_cast<type*>(standin::self().dynamicShared)

namespace standin {

inline const DeviceThread& self() { return **engine->current; }

inline void attach(const Engine* given) { engine = given; }

template <class T>
struct Lanes {
    static_assert(sizeof(T) <= MOST_BYTES, "lanes exchange small values");

    const T* of;

    Lanes(unsigned int mask, const T& mine)
        : of(static_cast<const T*>(engine->exchange(mask, &mine, sizeof(T)))) {}
};

inline unsigned int lane() {
    const DeviceThread& thread = self();
    return (thread.threadIdx.x + thread.blockDim.x * (thread.threadIdx.y + thread.blockDim.y * thread.threadIdx.z)) % 32;
}

template <class... A, size_t... I>
void run(void (*kernel)(A...), void* const* arguments, std::index_sequence<I...>) {
    kernel(*static_cast<std::remove_reference_t<A>*>(arguments[I])...);
}

template <auto kernel>
struct Entry;

template <class... A, void (*kernel)(A...)>
struct Entry<kernel> {
    static constexpr size_t sizes[sizeof...(A) + 1] = {sizeof(A)..., 0};

    static void run(void* const* arguments) { standin::run(kernel, arguments, std::index_sequence_for<A...>()); }

    static constexpr KernelEntry named(const char* name) { return {name, sizeof...(A), sizes, run}; }
};

}  // namespace standin

#define threadIdx (standin::self().threadIdx)
#define blockIdx (standin::self().blockIdx)
#define blockDim (standin::self().blockDim)
#define gridDim (standin::self().gridDim)
#define warpSize 32

// --- threads that wait for one another -----------------------------------------------------------------------------

inline void __syncthreads() { standin::engine->barrier(); }

inline void __syncwarp(unsigned int mask = 0xffffffffu) { standin::Lanes<int>(mask, 0); }

inline void __threadfence() {}

inline void __threadfence_block() {}

inline int __syncthreads_or(int predicate) {
    __shared__ int any;
    __syncthreads();
    any = 0;
    __syncthreads();
    any |= predicate != 0;
    __syncthreads();
    return any;
}

inline unsigned int __ballot_sync(unsigned int mask, int predicate) {
    standin::Lanes<int> lanes(mask, predicate);
    unsigned int ballot = 0;
    for (unsigned int each = 0; each < 32; each++) {
        ballot |= (mask >> each & 1) != 0 && lanes.of[each] != 0 ? 1u << each : 0;
    }
    return ballot;
}

inline int __all_sync(unsigned int mask, int predicate) { return __ballot_sync(mask, predicate) == mask; }

inline int __any_sync(unsigned int mask, int predicate) { return __ballot_sync(mask, predicate) != 0; }

namespace standin {

// The value of another lane; a lane outside of the mask or of the group of lanes gives the caller's own.
template <class T>
T shuffle(unsigned int mask, const T& value, unsigned int from, bool inGroup) {
    Lanes<T> lanes(mask, value);
    if (!inGroup) {
        return value;
    }
    if ((mask >> from & 1) == 0) {
        engine->trap("a shuffle reads a lane outside of its mask");
    }
    return lanes.of[from];
}

}  // namespace standin

template <class T>
T __shfl_sync(unsigned int mask, T value, int source, int width = 32) {
    unsigned int lane = standin::lane();
    return standin::shuffle(mask, value, lane / width * width + static_cast<unsigned int>(source) % width, true);
}

template <class T>
T __shfl_xor_sync(unsigned int mask, T value, int lanes, int width = 32) {
    unsigned int lane = standin::lane();
    unsigned int from = lane ^ lanes;
    return standin::shuffle(mask, value, from, from / width <= lane / width);
}

template <class T>
T __shfl_down_sync(unsigned int mask, T value, unsigned int delta, int width = 32) {
    unsigned int lane = standin::lane();
    return standin::shuffle(mask, value, lane + delta, lane % width + delta < static_cast<unsigned int>(width));
}

template <class T>
T __shfl_up_sync(unsigned int mask, T value, unsigned int delta, int width = 32) {
    unsigned int lane = standin::lane();
    return standin::shuffle(mask, value, lane - delta, lane % width >= delta);
}

// --- numbers ----------------------------------------------------------------------------------------------------------

#define STANDIN_VECTOR(name, type, bytes)                             \
    struct alignas(bytes) name##2 { type x, y; };                     \
    struct alignas(2 * bytes > 16 ? 16 : 2 * bytes) name##4 { type x, y, z, w; }; \
    inline name##2 make_##name##2(type x, type y) { return {x, y}; }  \
    inline name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }
STANDIN_VECTOR(float, float, 8)
STANDIN_VECTOR(double, double, 16)
STANDIN_VECTOR(int, int, 8)
STANDIN_VECTOR(uint, unsigned int, 8)
#undef STANDIN_VECTOR

inline float rsqrtf(float x) { return 1 / std::sqrt(x); }

inline double rsqrt(double x) { return 1 / std::sqrt(x); }

inline float __expf(float x) { return std::exp(x); }

inline float __logf(float x) { return std::log(x); }

inline float __fdividef(float x, float y) { return x / y; }

inline float __frcp_rn(float x) { return 1 / x; }

inline float __fmul_rn(float x, float y) { return x * y; }

inline float __fadd_rn(float x, float y) { return x + y; }

template <class To, class From>
To standin_bits(From value) {
    static_assert(sizeof(To) == sizeof(From), "as many bits");
    To bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

inline int __float_as_int(float x) { return standin_bits<int>(x); }

inline unsigned int __float_as_uint(float x) { return standin_bits<unsigned int>(x); }

inline float __int_as_float(int x) { return standin_bits<float>(x); }

inline float __uint_as_float(unsigned int x) { return standin_bits<float>(x); }

inline unsigned int __umulhi(unsigned int x, unsigned int y) {
    return static_cast<unsigned int>(static_cast<uint64_t>(x) * y >> 32);
}

inline int __popc(unsigned int x) { return __builtin_popcount(x); }

inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz(static_cast<unsigned int>(x)); }

inline int __ffs(int x) { return __builtin_ffs(x); }

template <class T>
T __ldg(const T* address) {
    return *address;
}

template <class T>
T atomicAdd(T* address, T value) {
    T before = *address;
    *address = before + value;
    return before;
}

using std::max;
using std::min;
