// What CUDA C++ needs to be compiled for the host, for the stand-in to load and launch. The threads of a grid run one after
// another, so there is nothing here by which they could wait for one another.
#pragma once

#include <cstddef>
#include <utility>

namespace standin {

struct Size3 {
    unsigned int x, y, z;
};

struct KernelEntry {
    size_t count;         // of the parameters
    const size_t* sizes;  // one for each
    void (*run)(const Size3& grid, const Size3& block, const void* const* arguments);
};

}  // namespace standin

#define __global__
#define __device__

static thread_local standin::Size3 threadIdx, blockIdx, blockDim, gridDim;

namespace standin {

template <auto KERNEL_FUNCTION>
struct Entry;

template <class... A, void (*KERNEL_FUNCTION)(A...)>
struct Entry<KERNEL_FUNCTION> {
    static constexpr size_t SIZES[] = {sizeof(A)..., 0};

    template <size_t... I>
    static void call(const void* const* arguments, std::index_sequence<I...>) {
        KERNEL_FUNCTION(*static_cast<const A*>(arguments[I])...);
    }

    static void run(const Size3& grid, const Size3& block, const void* const* arguments) {
        gridDim = grid;
        blockDim = block;
        for (blockIdx.z = 0; blockIdx.z < grid.z; blockIdx.z++) {
            for (blockIdx.y = 0; blockIdx.y < grid.y; blockIdx.y++) {
                for (blockIdx.x = 0; blockIdx.x < grid.x; blockIdx.x++) {
                    for (threadIdx.z = 0; threadIdx.z < block.z; threadIdx.z++) {
                        for (threadIdx.y = 0; threadIdx.y < block.y; threadIdx.y++) {
                            for (threadIdx.x = 0; threadIdx.x < block.x; threadIdx.x++) {
                                call(arguments, std::index_sequence_for<A...>{});
                            }
                        }
                    }
                }
            }
        }
    }

    static constexpr KernelEntry ENTRY = {sizeof...(A), SIZES, run};
};

}  // namespace standin

// Stands behind each kernel that is to be found by its name.
#define KERNEL(name) \
    extern "C" const standin::KernelEntry* standin_kernel_##name() { return &standin::Entry<&name>::ENTRY; }
