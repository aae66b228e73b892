// Memory pools and the stream-ordered allocations from them.
#include "graph.h"
#include "memory.h"

#include <algorithm>
#include <cstring>

using namespace standin;

namespace {

CUdeviceptr allocateFrom(const std::shared_ptr<Pool>& pool, const std::shared_ptr<Context>& context, size_t bytes) {
    Device& device = state().devices[pool->device];
    size_t counted = up(bytes, GRANULE);
    if (counted > pool->reserved - pool->used) {
        // What waits to be freed may be enough.
        drainAll(*context);
    }
    size_t wanted = pool->used + counted;
    require(counted >= bytes && (pool->maximum == 0 || wanted <= pool->maximum), CUDA_ERROR_OUT_OF_MEMORY);
    if (wanted > pool->reserved) {
        size_t more = std::min(up(wanted, RESERVE) - pool->reserved,
                               std::max(wanted - pool->reserved, freeBytes(device)));
        if (more > freeBytes(device)) {
            takeBackFromPools(device);
            more = wanted - pool->reserved;
        }
        require(more <= freeBytes(device), CUDA_ERROR_OUT_OF_MEMORY);
        pool->reserved += more;
        pool->reservedHigh = std::max(pool->reservedHigh, pool->reserved);
    }
    std::shared_ptr<Allocation> made = place(device, Origin::POOL, bytes);
    made->context = context->handle;
    made->pool = pool;
    setLive(*made, true);
    pool->used = wanted;
    pool->usedHigh = std::max(pool->usedHigh, wanted);
    return made->address;
}

std::shared_ptr<Pool> pool(CUmemoryPool handle) {
    std::shared_ptr<Pool> found = find<Pool>(handle, CUDA_ERROR_INVALID_VALUE);
    require(!found->destroyed);
    return found;
}

CUdeviceptr allocateOn(const std::shared_ptr<Stream>& stream, const std::shared_ptr<Pool>& pool, size_t bytes) {
    require(bytes > 0);
    if (!stream->capture) {
        if (stream->legacy) {
            forbidLegacyDuringCapture(*stream->context);
        }
        return allocateFrom(pool, stream->context, bytes);
    }
    std::shared_ptr<Allocation> made = allocateForGraph(pool->device, bytes);
    made->context = stream->context->handle;
    submit(*stream, AllocateWork{made});
    return made->address;
}

template <class T>
T get(const void* value) {
    T result;
    std::memcpy(&result, value, sizeof result);
    return result;
}

template <class T>
void put(void* value, T result) {
    std::memcpy(value, &result, sizeof result);
}

}  // namespace

CUresult CUDAAPI cuDeviceGetDefaultMemPool(CUmemoryPool* out, CUdevice ordinal) {
    return call("cuDeviceGetDefaultMemPool", Needs::DRIVER, ARGS(out, ordinal), [&] {
        Device& found = device(ordinal);
        require(out != nullptr);
        *out = handleAs<CUmemoryPool>(found.defaultPool->handle);
    });
}

CUresult CUDAAPI cuDeviceGetMemPool(CUmemoryPool* out, CUdevice ordinal) {
    return call("cuDeviceGetMemPool", Needs::DRIVER, ARGS(out, ordinal), [&] {
        Device& found = device(ordinal);
        require(out != nullptr);
        *out = handleAs<CUmemoryPool>(found.pool->handle);
    });
}

CUresult CUDAAPI cuDeviceSetMemPool(CUdevice ordinal, CUmemoryPool handle) {
    return call("cuDeviceSetMemPool", Needs::DRIVER, ARGS(ordinal, handle), [&] {
        Device& found = device(ordinal);
        std::shared_ptr<Pool> wanted = pool(handle);
        require(wanted->device == ordinal);
        found.pool = wanted;
    });
}

CUresult CUDAAPI cuMemPoolCreate(CUmemoryPool* out, const CUmemPoolProps* properties) {
    return call("cuMemPoolCreate", Needs::DRIVER, ARGS(out, properties), [&] {
        require(out != nullptr && properties != nullptr);
        require(properties->allocType == CU_MEM_ALLOCATION_TYPE_PINNED);
        require(properties->location.type == CU_MEM_LOCATION_TYPE_DEVICE);
        require(properties->handleTypes == CU_MEM_HANDLE_TYPE_NONE, CUDA_ERROR_NOT_SUPPORTED);
        for (unsigned char byte : properties->reserved) {
            require(byte == 0);
        }
        Device& where = device(properties->location.id);
        auto made = std::make_shared<Pool>();
        made->device = where.ordinal;
        made->maximum = properties->maxSize;
        *out = handleAs<CUmemoryPool>(add(made));
        where.pools.push_back(made);
    });
}

CUresult CUDAAPI cuMemPoolDestroy(CUmemoryPool handle) {
    return call("cuMemPoolDestroy", Needs::DRIVER, ARGS(handle), [&] {
        std::shared_ptr<Pool> found = pool(handle);
        require(!found->isDefault);
        Device& where = state().devices[found->device];
        if (where.pool == found) {
            where.pool = where.defaultPool;
        }
        // The allocations from it keep it; nobody else can reach it any more.
        found->destroyed = true;
        remove(*found);
    });
}

CUresult CUDAAPI cuMemPoolTrimTo(CUmemoryPool handle, size_t keep) {
    return call("cuMemPoolTrimTo", Needs::DRIVER, ARGS(handle, keep), [&] {
        std::shared_ptr<Pool> found = pool(handle);
        found->reserved = std::min(found->reserved, std::max(up(keep, RESERVE), up(found->used, RESERVE)));
        found->reserved = std::max(found->reserved, found->used);
    });
}

CUresult CUDAAPI cuMemPoolSetAttribute(CUmemoryPool handle, CUmemPool_attribute attribute, void* value) {
    return call("cuMemPoolSetAttribute", Needs::DRIVER, ARGS(handle, attribute, value), [&] {
        std::shared_ptr<Pool> found = pool(handle);
        require(value != nullptr);
        switch (attribute) {
            case CU_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES:
            case CU_MEMPOOL_ATTR_REUSE_ALLOW_OPPORTUNISTIC:
            case CU_MEMPOOL_ATTR_REUSE_ALLOW_INTERNAL_DEPENDENCIES:
                found->reuse[attribute - CU_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES] = get<int>(value);
                break;
            case CU_MEMPOOL_ATTR_RELEASE_THRESHOLD:
                found->threshold = get<cuuint64_t>(value);
                break;
            case CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH:
                require(get<cuuint64_t>(value) == 0);
                found->reservedHigh = found->reserved;
                break;
            case CU_MEMPOOL_ATTR_USED_MEM_HIGH:
                require(get<cuuint64_t>(value) == 0);
                found->usedHigh = found->used;
                break;
            default:
                fail(CUDA_ERROR_INVALID_VALUE);
        }
    });
}

CUresult CUDAAPI cuMemPoolGetAttribute(CUmemoryPool handle, CUmemPool_attribute attribute, void* value) {
    return call("cuMemPoolGetAttribute", Needs::DRIVER, ARGS(handle, attribute, value), [&] {
        std::shared_ptr<Pool> found = pool(handle);
        require(value != nullptr);
        switch (attribute) {
            case CU_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES:
            case CU_MEMPOOL_ATTR_REUSE_ALLOW_OPPORTUNISTIC:
            case CU_MEMPOOL_ATTR_REUSE_ALLOW_INTERNAL_DEPENDENCIES:
                return put<int>(value, found->reuse[attribute - CU_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES]);
            case CU_MEMPOOL_ATTR_RELEASE_THRESHOLD:
                return put<cuuint64_t>(value, found->threshold);
            case CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT:
                return put<cuuint64_t>(value, found->reserved);
            case CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH:
                return put<cuuint64_t>(value, found->reservedHigh);
            case CU_MEMPOOL_ATTR_USED_MEM_CURRENT:
                return put<cuuint64_t>(value, found->used);
            case CU_MEMPOOL_ATTR_USED_MEM_HIGH:
                return put<cuuint64_t>(value, found->usedHigh);
            default:
                fail(CUDA_ERROR_INVALID_VALUE);
        }
    });
}

CUresult CUDAAPI cuMemAllocAsync(CUdeviceptr* out, size_t bytes, CUstream handle) {
    return call("cuMemAllocAsync", Needs::CONTEXT, ARGS(out, bytes, handle), [&] {
        require(out != nullptr);
        std::shared_ptr<Stream> where = stream(handle);
        *out = allocateOn(where, state().devices[where->context->device].pool, bytes);
    });
}

CUresult CUDAAPI cuMemAllocFromPoolAsync(CUdeviceptr* out, size_t bytes, CUmemoryPool from, CUstream handle) {
    return call("cuMemAllocFromPoolAsync", Needs::CONTEXT, ARGS(out, bytes, from, handle), [&] {
        require(out != nullptr);
        std::shared_ptr<Pool> found = pool(from);
        *out = allocateOn(stream(handle), found, bytes);
    });
}

CUresult CUDAAPI cuMemFreeAsync(CUdeviceptr address, CUstream handle) {
    return call("cuMemFreeAsync", Needs::CONTEXT_TO_FREE, ARGS(address, handle), [&] {
        std::shared_ptr<Stream> where = stream(handle);
        auto found = state().allocations.find(address);
        require(found != state().allocations.end());
        std::shared_ptr<Allocation> held = found->second;
        if (where->capture || held->origin == Origin::GRAPH) {
            require(held->origin == Origin::GRAPH);
            submit(*where, FreeWork{held});
            return;
        }
        require(held->origin == Origin::POOL && !held->freeing);
        if (where->legacy) {
            forbidLegacyDuringCapture(*where->context);
        }
        held->freeing = true;
        enqueue(*where, {[held] { release(*held); }, nullptr});
    });
}
