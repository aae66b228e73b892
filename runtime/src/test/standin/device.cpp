// cuInit, versions, and what a device says of itself: as a Hopper would, where a runtime asks.
#include "kernel/sanitizer.h"
#include "standin.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>

namespace standin {

Device& device(CUdevice ordinal) {
    require(ordinal >= 0 && ordinal < static_cast<int>(state().devices.size()), CUDA_ERROR_INVALID_DEVICE);
    return state().devices[ordinal];
}

namespace {

void readEnvironment() {
    const char* devices = std::getenv("STANDIN_DEVICES");
    const char* memory = std::getenv("STANDIN_MEMORY");
    const char* seed = std::getenv("STANDIN_SEED");
    state().deviceCount = devices == nullptr ? state().deviceCount : std::atoi(devices);
    state().deviceMemory = memory == nullptr ? state().deviceMemory : std::strtoull(memory, nullptr, 10);
    const char* blocking = std::getenv("CUDA_LAUNCH_BLOCKING");
    state().blocking = blocking != nullptr && std::strcmp(blocking, "1") == 0;
    state().seed = seed == nullptr ? state().seed : std::strtoull(seed, nullptr, 10) * 2 + 1;
}

int attribute(CUdevice_attribute attribute, const Device& device) {
    switch (attribute) {
        case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK:
        case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X:
        case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y:
            return MAX_THREADS;
        case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z:
            return 64;
        case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X:
            return 0x7FFFFFFF;
        case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y:
        case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z:
            return 0xFFFF;
        case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK:
            return SHARED_DEFAULT;
        case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN:
            return SHARED_OPTIN;
        case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR:
            return SHARED_PER_MULTIPROCESSOR;
        case CU_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK:
            return 1024;
        case CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY:
        case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK:
        case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR:
            return 65536;
        case CU_DEVICE_ATTRIBUTE_WARP_SIZE:
        case CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR:
        case CU_DEVICE_ATTRIBUTE_TEXTURE_PITCH_ALIGNMENT:
            return 32;
        case CU_DEVICE_ATTRIBUTE_MAX_PITCH:
            return 0x7FFFFFFF;
        case CU_DEVICE_ATTRIBUTE_CLOCK_RATE:
            return 1'980'000;
        case CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE:
            return 3'201'000;
        case CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH:
            return 6144;
        case CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE:
            return 60 << 20;
        case CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT:
            return MULTIPROCESSORS;
        case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR:
            return 2048;
        case CU_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT:
            return 3;
        case CU_DEVICE_ATTRIBUTE_PCI_BUS_ID:
            return 0xC0 + device.ordinal;
        case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR:
            return 9;
        case CU_DEVICE_ATTRIBUTE_TEXTURE_ALIGNMENT:
        case CU_DEVICE_ATTRIBUTE_SURFACE_ALIGNMENT:
            return 512;
        case CU_DEVICE_ATTRIBUTE_GPU_OVERLAP:
        case CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY:
        case CU_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS:
        case CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING:
        case CU_DEVICE_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED:
        case CU_DEVICE_ATTRIBUTE_HOST_REGISTER_SUPPORTED:
        case CU_DEVICE_ATTRIBUTE_CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM:
        case CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED:
            return 1;
        default:
            // Whatever else a device may be able to do, this one is not.
            require(attribute > 0 && attribute < CU_DEVICE_ATTRIBUTE_MAX);
            return 0;
    }
}

}  // namespace

void initialise() {
    State& process = state();
    if (process.initialised) {
        return;
    }
    readEnvironment();
    require(process.deviceCount > 0, CUDA_ERROR_NO_DEVICE);
    require(openShadow(), CUDA_ERROR_OUT_OF_MEMORY);
    process.devices.resize(process.deviceCount);
    for (int ordinal = 0; ordinal < process.deviceCount; ordinal++) {
        Device& device = process.devices[ordinal];
        device.ordinal = ordinal;
        device.total = process.deviceMemory;
        openRegion(device);
        device.defaultPool = std::make_shared<Pool>();
        device.defaultPool->device = ordinal;
        device.defaultPool->isDefault = true;
        add(device.defaultPool);
        device.pool = device.defaultPool;
        device.pools.push_back(device.defaultPool);
    }
    process.initialised = true;
}

}  // namespace standin

using namespace standin;

CUresult CUDAAPI cuInit(unsigned int flags) {
    return call("cuInit", Needs::NOTHING, ARGS(flags), [&] {
        require(flags == 0);
        initialise();
    });
}

CUresult CUDAAPI cuDriverGetVersion(int* version) {
    return call("cuDriverGetVersion", Needs::NOTHING, ARGS(version), [&] {
        require(version != nullptr);
        *version = CUDA_VERSION;
    });
}

CUresult CUDAAPI cuDeviceGetCount(int* count) {
    return call("cuDeviceGetCount", Needs::DRIVER, ARGS(count), [&] {
        require(count != nullptr);
        *count = static_cast<int>(state().devices.size());
    });
}

CUresult CUDAAPI cuDeviceGet(CUdevice* out, int ordinal) {
    return call("cuDeviceGet", Needs::DRIVER, ARGS(out, ordinal), [&] {
        require(out != nullptr);
        *out = device(ordinal).ordinal;
    });
}

CUresult CUDAAPI cuDeviceGetName(char* name, int length, CUdevice ordinal) {
    return call("cuDeviceGetName", Needs::DRIVER, ARGS(name, length, ordinal), [&] {
        device(ordinal);
        require(name != nullptr && length > 0);
        std::strncpy(name, DEVICE_NAME, length);
        name[length - 1] = 0;
    });
}

CUresult CUDAAPI cuDeviceGetUuid(CUuuid* uuid, CUdevice ordinal) {
    return call("cuDeviceGetUuid", Needs::DRIVER, ARGS(uuid, ordinal), [&] {
        device(ordinal);
        require(uuid != nullptr);
        std::memcpy(uuid->bytes, "CulebraStandIn#", 15);
        uuid->bytes[15] = static_cast<char>('0' + ordinal);
    });
}

CUresult CUDAAPI cuDeviceTotalMem(size_t* bytes, CUdevice ordinal) {
    return call("cuDeviceTotalMem", Needs::DRIVER, ARGS(bytes, ordinal), [&] {
        require(bytes != nullptr);
        *bytes = device(ordinal).total;
    });
}

CUresult CUDAAPI cuDeviceGetAttribute(int* value, CUdevice_attribute which, CUdevice ordinal) {
    return call("cuDeviceGetAttribute", Needs::DRIVER, ARGS(value, which, ordinal), [&] {
        Device& found = device(ordinal);
        require(value != nullptr);
        *value = attribute(which, found);
    });
}

CUresult CUDAAPI cuDeviceGetPCIBusId(char* text, int length, CUdevice ordinal) {
    return call("cuDeviceGetPCIBusId", Needs::DRIVER, ARGS(text, length, ordinal), [&] {
        device(ordinal);
        require(text != nullptr && length >= 13);
        snprintf(text, length, "0000:%02X:00.0", 0xC0 + ordinal);
    });
}

CUresult CUDAAPI cuDeviceCanAccessPeer(int* can, CUdevice one, CUdevice other) {
    return call("cuDeviceCanAccessPeer", Needs::DRIVER, ARGS(can, one, other), [&] {
        device(one);
        device(other);
        require(can != nullptr);
        *can = 0;
    });
}

// Only the newest version of each function is here, whatever version is asked for.
CUresult CUDAAPI cuGetProcAddress(const char* symbol, void** function, int version, cuuint64_t flags,
                                  CUdriverProcAddressQueryResult* result) {
    return call("cuGetProcAddress", Needs::NOTHING, ARGS(symbol, function, version, flags, result), [&] {
        require(symbol != nullptr && function != nullptr);
        Dl_info self;
        void* library = nullptr;
        if (dladdr(reinterpret_cast<void*>(&cuInit), &self) != 0) {
            library = dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD);
        }
        require(library != nullptr, CUDA_ERROR_OPERATING_SYSTEM);
        *function = nullptr;
        for (const char* suffix : {"_v4", "_v3", "_v2", ""}) {
            void* found = dlsym(library, (std::string(symbol) + suffix).c_str());
            if (found != nullptr) {
                *function = found;
                break;
            }
        }
        dlclose(library);
        if (result != nullptr) {
            *result = *function != nullptr ? CU_GET_PROC_ADDRESS_SUCCESS : CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
        }
        require(*function != nullptr, CUDA_ERROR_NOT_FOUND);
    });
}
