// Device memory is host memory at addresses that nothing else uses. An allocation begins on a page, is filled with
// NaNs, and is followed by guard bytes up to the next page, which kernels may not touch and nobody may write; pages before,
// behind and after its release cannot be touched.
#include "memory.h"

#include "kernel/sanitizer.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>

namespace standin {

namespace {

constexpr uint16_t NOT_A_NUMBER = 0xFFC5;  // as bf16; two make a float, four a double

size_t reservedBy(const Device& device) {
    size_t sum = device.direct;
    for (const auto& weak : device.pools) {
        auto pool = weak.lock();
        sum += pool ? pool->reserved : 0;
    }
    return sum;
}

// Addresses are not used again before all others have been: a stale one is found out.
uintptr_t findAddresses(Device& device, size_t span) {
    uintptr_t end = device.base + device.span;
    for (int round = 0; round < 2; round++) {
        uintptr_t candidate = device.next;
        auto above = state().allocations.lower_bound(candidate);
        while (candidate + span <= end) {
            if (above == state().allocations.end() || above->first >= candidate + span) {
                device.next = candidate + span;
                return candidate;
            }
            candidate = up(above->second->address + above->second->size + 1, PAGE) + PAGE;
            ++above;
        }
        device.next = device.base + PAGE;
    }
    fail(CUDA_ERROR_OUT_OF_MEMORY);
}

bool guardsHold(const Allocation& allocation) {
    bool guarded = allocation.origin == Origin::DEVICE || allocation.origin == Origin::POOL
        || allocation.origin == Origin::GRAPH || allocation.origin == Origin::PINNED;
    if (!guarded || !allocation.live) {
        return true;
    }
    const auto* bytes = reinterpret_cast<const unsigned char*>(allocation.address);
    for (size_t i = allocation.size; i < pages(allocation.size); i++) {
        if (bytes[i] != ((allocation.address + i) % 2 == 0 ? NOT_A_NUMBER & 0xFF : NOT_A_NUMBER >> 8)) {
            return false;
        }
    }
    return true;
}

void checkGuard(const Allocation& allocation) {
    auto owner = state().objects.find(allocation.context);
    auto* context = owner == state().objects.end() ? nullptr : dynamic_cast<Context*>(owner->second.get());
    if (context != nullptr && !guardsHold(allocation)) {
        poison(*context, CUDA_ERROR_ILLEGAL_ADDRESS,
               "somebody wrote behind the end of " + describe(reinterpret_cast<void*>(allocation.address)) + ", "
                   + describe(allocation.size) + " bytes");
    }
}

}  // namespace

void fillWithNan(uintptr_t address, size_t bytes) {
    auto* from = reinterpret_cast<unsigned char*>(address);
    for (size_t i = 0; i < bytes && (address + i) % 8 != 0; i++) {
        from[i] = (address + i) % 2 == 0 ? NOT_A_NUMBER & 0xFF : NOT_A_NUMBER >> 8;
    }
    size_t head = std::min(bytes, (8 - address % 8) % 8);
    uint64_t word = 0x0001000100010001ull * NOT_A_NUMBER;
    size_t words = (bytes - head) / 8;
    std::fill_n(reinterpret_cast<uint64_t*>(from + head), words, word);
    std::memcpy(from + head + words * 8, &word, (bytes - head) % 8);
}

size_t freeBytes(const Device& device) {
    size_t taken = reservedBy(device);
    return taken >= device.total ? 0 : device.total - taken;
}

// Pools hold on to what was freed until a synchronisation; a device out of memory takes it back at once.
void takeBackFromPools(Device& device) {
    for (const auto& weak : device.pools) {
        if (auto pool = weak.lock()) {
            pool->reserved = std::min(pool->reserved, up(pool->used, GRANULE));
        }
    }
}

std::shared_ptr<Allocation> place(Device& device, Origin origin, size_t bytes) {
    uintptr_t address = findAddresses(device, pages(bytes) + PAGE);
    auto made = std::make_shared<Allocation>();
    made->origin = origin;
    made->address = address;
    made->size = bytes;
    made->device = device.ordinal;
    made->id = ++state().counter;
    made->live = false;
    state().allocations[address] = made;
    return made;
}

std::shared_ptr<Allocation> owned(uintptr_t address, std::initializer_list<Origin> origins) {
    auto found = state().allocations.find(address);
    require(found != state().allocations.end() && found->second->live);
    require(std::find(origins.begin(), origins.end(), found->second->origin) != origins.end());
    return found->second;
}

bool inRegion(uintptr_t address) {
    for (const Device& device : state().devices) {
        if (address >= device.base && address < device.base + device.span) {
            return true;
        }
    }
    return false;
}

void openRegion(Device& device) {
    for (size_t span = size_t{64} << 30; span >= device.total + PAGE; span /= 2) {
        void* base = mmap(nullptr, span, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (base != MAP_FAILED) {
            device.base = reinterpret_cast<uintptr_t>(base);
            device.span = span;
            device.next = device.base + PAGE;
            return;
        }
    }
    fail(CUDA_ERROR_OUT_OF_MEMORY);
}

void setLive(Allocation& allocation, bool live) {
    auto* memory = reinterpret_cast<void*>(allocation.address);
    size_t bytes = pages(allocation.size);
    if (live) {
        require(mprotect(memory, bytes, PROT_READ | PROT_WRITE) == 0, CUDA_ERROR_OUT_OF_MEMORY);
        fillWithNan(allocation.address, bytes);
        allowOnly(allocation.address, allocation.size, bytes, BEHIND_DEVICE_MEMORY);
    } else {
        madvise(memory, bytes, MADV_DONTNEED);
        mprotect(memory, bytes, PROT_NONE);
    }
    allocation.live = live;
}

void release(const Allocation& allocation) {
    auto held = state().allocations.find(allocation.address);
    if (held == state().allocations.end() || held->second.get() != &allocation) {
        return;  // its context went before it
    }
    std::shared_ptr<Allocation> found = held->second;
    checkGuard(*found);
    state().allocations.erase(held);
    switch (found->origin) {
        case Origin::DEVICE:
            state().devices[found->device].direct -= up(found->size, GRANULE);
            break;
        case Origin::POOL:
            found->pool->used -= up(found->size, GRANULE);
            break;
        case Origin::PINNED:
            allowAll(found->address, pages(found->size));
            munmap(reinterpret_cast<void*>(found->address), pages(found->size));
            return;
        case Origin::GRAPH:
            break;
        default:
            return;
    }
    if (found->live) {
        setLive(*found, false);
    }
}

void freeAllocationsOf(const Context& context) {
    std::vector<std::shared_ptr<Allocation>> mine;
    for (const auto& each : state().allocations) {
        // What came from a pool belongs to the device, as its pools do.
        if (each.second->context == context.handle && each.second->origin != Origin::POOL) {
            mine.push_back(each.second);
        }
    }
    for (const auto& each : mine) {
        release(*each);
    }
}

void releaseUnused(const Context& context) {
    for (const auto& weak : state().devices[context.device].pools) {
        if (auto pool = weak.lock()) {
            size_t kept = std::max(pool->threshold, up(pool->used, RESERVE));
            pool->reserved = std::min(pool->reserved, std::max(kept, pool->used));
        }
    }
    checkGuards(context);
    require(context.sticky == CUDA_SUCCESS, context.sticky);
}

void checkGuards(const Context& context) {
    for (const auto& each : state().allocations) {
        if (each.second->context == context.handle) {
            checkGuard(*each.second);
        }
    }
}

std::shared_ptr<Allocation> allocationAt(uintptr_t address) {
    auto above = state().allocations.upper_bound(address);
    if (above == state().allocations.begin()) {
        return nullptr;
    }
    const std::shared_ptr<Allocation>& below = std::prev(above)->second;
    return address < below->address + below->size || address == below->address ? below : nullptr;
}

void checkRange(uintptr_t address, size_t bytes, Side side, Moment moment) {
    if (bytes == 0) {
        return;
    }
    require(address != 0);
    std::shared_ptr<Allocation> found = allocationAt(address);
    if (!found) {
        require(side != Side::DEVICE && !inRegion(address));
        return;
    }
    bool host = found->origin == Origin::PINNED || found->origin == Origin::REGISTERED;
    require(side != Side::HOST || host);
    require(found->live || (moment == Moment::CAPTURED && found->origin == Origin::GRAPH));
    require(!found->freeing || moment == Moment::RUNNING);
    // Host memory may go on where the registered part of it ends.
    require(bytes <= found->address + found->size - address || found->origin == Origin::REGISTERED);
}

std::shared_ptr<Allocation> allocateForGraph(int ordinal, size_t bytes) {
    Device& where = device(ordinal);
    require(bytes <= where.total, CUDA_ERROR_OUT_OF_MEMORY);
    std::shared_ptr<Allocation> made = place(where, Origin::GRAPH, bytes);
    // It stays while a graph knows it; what a graph allocated and did not free is the caller's to free.
    return {made.get(), [made](Allocation*) {
                if (!made->live) {
                    release(*made);
                }
            }};
}

void addModuleVariable(uintptr_t address, size_t bytes, const Context& context, const void* module) {
    auto made = std::make_shared<Allocation>();
    made->origin = Origin::MODULE;
    made->address = address;
    made->size = bytes;
    made->device = context.device;
    made->id = ++state().counter;
    made->context = context.handle;
    made->module = module;
    state().allocations.emplace(address, made);
}

}  // namespace standin
