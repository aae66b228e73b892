// What a kernel compiled for the host and the stand-in give each other.
#pragma once

#include <cstddef>

namespace standin {

struct Index {
    unsigned int x, y, z;
};

// The thread of the device that runs now.
struct DeviceThread {
    Index threadIdx;
    Index blockIdx;
    Index blockDim;
    Index gridDim;
    unsigned char* dynamicShared;
};

// The largest value that lanes exchange.
constexpr size_t MOST_BYTES = 32;

// What a running kernel asks of the stand-in.
struct Engine {
    const DeviceThread* const* current;
    // Waits until all threads of the block are here.
    void (*barrier)();
    // Waits until all lanes of the mask are here, and returns what each of them brought: 32 values of so many bytes, MOST_BYTES
    // at most, which stay until the lane exchanges for the second time after this.
    const void* (*exchange)(unsigned int mask, const void* mine, size_t bytes);
    // Ends the kernel with an error.
    void (*trap)(const char* reason);
};

struct KernelEntry {
    const char* name;
    size_t parameters;
    const size_t* sizes;  // of each parameter, in bytes
    void (*run)(void* const* arguments);  // as one thread
};

struct KernelImage {
    const KernelEntry* kernels;
    size_t count;
    void (*attach)(const Engine* engine);
};

// The one function that a compiled image exports beside its kernels and variables.
using ImageFunction = const KernelImage* (*)();
constexpr const char* IMAGE_FUNCTION = "standin_kernel_image";

}  // namespace standin
