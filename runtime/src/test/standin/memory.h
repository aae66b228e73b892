// Where device memory comes from: what the calls that allocate and free share.
#pragma once

#include "standin.h"

namespace standin {

constexpr size_t PAGE = 4096;
constexpr size_t GRANULE = 512;          // what an allocation counts for is a multiple of this
constexpr size_t RESERVE = 32ull << 20;  // what a pool takes from the device is a multiple of this

inline size_t up(size_t value, size_t unit) { return (value + unit - 1) / unit * unit; }
inline size_t pages(size_t bytes) { return up(bytes, PAGE); }

void fillWithNan(uintptr_t address, size_t bytes);
size_t freeBytes(const Device& device);
void takeBackFromPools(Device& device);
// An allocation at addresses of its own, not yet live.
std::shared_ptr<Allocation> place(Device& device, Origin origin, size_t bytes);
// The live allocation that begins at the address and has one of the origins.
std::shared_ptr<Allocation> owned(uintptr_t address, std::initializer_list<Origin> origins);
bool inRegion(uintptr_t address);

}  // namespace standin
