// Runs kernels that were compiled for the host.
#pragma once

#include "image.h"

#include <cstdint>
#include <string>
#include <vector>

namespace standin {

struct LaunchShape {
    Index grid;
    Index block;
    size_t sharedBytes;  // dynamic
};

const Engine* engine();

// Runs all threads of all blocks, in an order drawn from the seed. Returns what went wrong; empty if nothing did.
std::string launchOnHost(const KernelEntry& kernel, const LaunchShape& shape, void* const* arguments, uint64_t seed);

}  // namespace standin
