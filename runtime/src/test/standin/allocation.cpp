// The calls for device memory that comes from no pool, for pinned memory, and for questions about pointers.
#include "kernel/sanitizer.h"
#include "memory.h"

#include <cstring>
#include <sys/mman.h>

using namespace standin;

namespace {

CUdeviceptr allocate(size_t bytes) {
    std::shared_ptr<Context> mine = current();
    Device& device = state().devices[mine->device];
    size_t counted = up(bytes, GRANULE);
    require(counted >= bytes, CUDA_ERROR_OUT_OF_MEMORY);
    if (counted > freeBytes(device)) {
        takeBackFromPools(device);
    }
    require(counted <= freeBytes(device), CUDA_ERROR_OUT_OF_MEMORY);
    std::shared_ptr<Allocation> made = place(device, Origin::DEVICE, bytes);
    made->context = mine->handle;
    setLive(*made, true);
    device.direct += counted;
    return made->address;
}

void* allocatePinned(size_t bytes, unsigned int flags) {
    require(bytes > 0);
    require((flags & ~(CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP | CU_MEMHOSTALLOC_WRITECOMBINED)) == 0);
    forbidUnsafeDuringCapture();
    std::shared_ptr<Context> mine = current();
    void* memory = mmap(nullptr, pages(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(memory != MAP_FAILED, CUDA_ERROR_OUT_OF_MEMORY);
    auto made = std::make_shared<Allocation>();
    made->origin = Origin::PINNED;
    made->address = reinterpret_cast<uintptr_t>(memory);
    made->size = bytes;
    made->device = mine->device;
    made->id = ++state().counter;
    made->flags = flags;
    made->context = mine->handle;
    fillWithNan(made->address, pages(bytes));
    allowOnly(made->address, bytes, pages(bytes), BEHIND_DEVICE_MEMORY);
    state().allocations[made->address] = made;
    return memory;
}

template <class T>
void put(void* data, T value) {
    std::memcpy(data, &value, sizeof value);
}

}  // namespace

CUresult CUDAAPI cuMemGetInfo(size_t* available, size_t* total) {
    return call("cuMemGetInfo", Needs::CONTEXT, ARGS(available, total), [&] {
        const Device& mine = state().devices[current()->device];
        if (available != nullptr) {
            *available = freeBytes(mine);
        }
        if (total != nullptr) {
            *total = mine.total;
        }
    });
}

CUresult CUDAAPI cuMemAlloc(CUdeviceptr* out, size_t bytes) {
    return call("cuMemAlloc", Needs::CONTEXT, ARGS(out, bytes), [&] {
        require(out != nullptr && bytes > 0);
        forbidUnsafeDuringCapture();
        *out = allocate(bytes);
    });
}

CUresult CUDAAPI cuMemFree(CUdeviceptr address) {
    return call("cuMemFree", Needs::CONTEXT_TO_FREE, ARGS(address), [&] {
        if (address == 0) {
            return;
        }
        forbidUnsafeDuringCapture();
        drainAll(*current());
        std::shared_ptr<Allocation> found = owned(address, {Origin::DEVICE, Origin::POOL, Origin::GRAPH});
        found->origin == Origin::GRAPH ? setLive(*found, false) : release(*found);
    });
}

CUresult CUDAAPI cuMemGetAddressRange(CUdeviceptr* base, size_t* size, CUdeviceptr address) {
    return call("cuMemGetAddressRange", Needs::CONTEXT, ARGS(base, size, address), [&] {
        std::shared_ptr<Allocation> found = allocationAt(address);
        require(found != nullptr && found->live, CUDA_ERROR_NOT_FOUND);
        if (base != nullptr) {
            *base = found->address;
        }
        if (size != nullptr) {
            *size = found->size;
        }
    });
}

CUresult CUDAAPI cuMemHostAlloc(void** out, size_t bytes, unsigned int flags) {
    return call("cuMemHostAlloc", Needs::CONTEXT, ARGS(out, bytes, flags), [&] {
        require(out != nullptr);
        *out = allocatePinned(bytes, flags);
    });
}

CUresult CUDAAPI cuMemAllocHost(void** out, size_t bytes) {
    return call("cuMemAllocHost", Needs::CONTEXT, ARGS(out, bytes), [&] {
        require(out != nullptr);
        *out = allocatePinned(bytes, 0);
    });
}

CUresult CUDAAPI cuMemFreeHost(void* memory) {
    return call("cuMemFreeHost", Needs::CONTEXT_TO_FREE, ARGS(memory), [&] {
        forbidUnsafeDuringCapture();
        release(*owned(reinterpret_cast<uintptr_t>(memory), {Origin::PINNED}));
    });
}

CUresult CUDAAPI cuMemHostRegister(void* memory, size_t bytes, unsigned int flags) {
    return call("cuMemHostRegister", Needs::CONTEXT, ARGS(memory, bytes, flags), [&] {
        require(memory != nullptr && bytes > 0);
        forbidUnsafeDuringCapture();
        auto address = reinterpret_cast<uintptr_t>(memory);
        require(!inRegion(address));
        auto above = state().allocations.upper_bound(address + bytes - 1);
        if (above != state().allocations.begin()) {
            const Allocation& below = *std::prev(above)->second;
            require(below.address + below.size <= address, CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED);
        }
        auto made = std::make_shared<Allocation>();
        made->origin = Origin::REGISTERED;
        made->address = address;
        made->size = bytes;
        made->device = current()->device;
        made->id = ++state().counter;
        made->flags = flags;
        made->context = current()->handle;
        state().allocations[address] = made;
    });
}

CUresult CUDAAPI cuMemHostUnregister(void* memory) {
    return call("cuMemHostUnregister", Needs::CONTEXT_TO_FREE, ARGS(memory), [&] {
        forbidUnsafeDuringCapture();
        auto found = state().allocations.find(reinterpret_cast<uintptr_t>(memory));
        bool registered = found != state().allocations.end() && found->second->origin == Origin::REGISTERED;
        require(registered, CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED);
        state().allocations.erase(found);
    });
}

CUresult CUDAAPI cuMemHostGetDevicePointer(CUdeviceptr* out, void* memory, unsigned int flags) {
    return call("cuMemHostGetDevicePointer", Needs::CONTEXT, ARGS(out, memory, flags), [&] {
        require(out != nullptr && flags == 0);
        auto address = reinterpret_cast<uintptr_t>(memory);
        std::shared_ptr<Allocation> found = allocationAt(address);
        bool host = found && (found->origin == Origin::PINNED || found->origin == Origin::REGISTERED);
        require(host);
        *out = address;
    });
}

CUresult CUDAAPI cuMemHostGetFlags(unsigned int* flags, void* memory) {
    return call("cuMemHostGetFlags", Needs::CONTEXT, ARGS(flags, memory), [&] {
        require(flags != nullptr);
        *flags = owned(reinterpret_cast<uintptr_t>(memory), {Origin::PINNED})->flags;
    });
}

CUresult CUDAAPI cuPointerGetAttribute(void* data, CUpointer_attribute attribute, CUdeviceptr address) {
    return call("cuPointerGetAttribute", Needs::DRIVER, ARGS(data, attribute, address), [&] {
        require(data != nullptr);
        std::shared_ptr<Allocation> found = allocationAt(address);
        require(found != nullptr && found->live);
        bool host = found->origin == Origin::PINNED || found->origin == Origin::REGISTERED;
        switch (attribute) {
            case CU_POINTER_ATTRIBUTE_CONTEXT:
                return put<void*>(data, found->pool ? nullptr : found->context);
            case CU_POINTER_ATTRIBUTE_MEMORY_TYPE:
                return put<unsigned int>(data, host ? CU_MEMORYTYPE_HOST : CU_MEMORYTYPE_DEVICE);
            case CU_POINTER_ATTRIBUTE_DEVICE_POINTER:
                return put<CUdeviceptr>(data, address);
            case CU_POINTER_ATTRIBUTE_HOST_POINTER:
                require(host);
                return put<CUdeviceptr>(data, address);
            case CU_POINTER_ATTRIBUTE_BUFFER_ID:
                return put<unsigned long long>(data, found->id);
            case CU_POINTER_ATTRIBUTE_IS_MANAGED:
                return put<bool>(data, false);
            case CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL:
                return put<int>(data, found->device);
            case CU_POINTER_ATTRIBUTE_RANGE_START_ADDR:
                return put<CUdeviceptr>(data, found->address);
            case CU_POINTER_ATTRIBUTE_RANGE_SIZE:
                return put<size_t>(data, found->size);
            case CU_POINTER_ATTRIBUTE_MAPPED:
                return put<bool>(data, true);
            case CU_POINTER_ATTRIBUTE_MEMPOOL_HANDLE:
                return put<void*>(data, found->pool ? found->pool->handle : nullptr);
            default:
                fail(CUDA_ERROR_NOT_SUPPORTED);
        }
    });
}
