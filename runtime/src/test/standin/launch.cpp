// The launch of kernels, and what can be asked before.
#include "kernel/engine.h"
#include "memory.h"
#include "module.h"

#include <algorithm>
#include <cstring>

namespace standin {

namespace {

bool within(const unsigned int (&size)[3], std::initializer_list<unsigned int> limits) {
    return std::equal(limits.begin(), limits.end(), size, [](unsigned int limit, unsigned int each) {
        return each >= 1 && each <= limit;
    });
}

}  // namespace

void checkLaunch(const KernelWork& work, Moment moment) {
    require(!work.function->module.expired(), CUDA_ERROR_INVALID_HANDLE);
    require(within(work.grid, {0x7FFFFFFF, 0xFFFF, 0xFFFF}) && within(work.block, {MAX_THREADS, MAX_THREADS, 64}));
    require(uint64_t{work.block[0]} * work.block[1] * work.block[2] <= MAX_THREADS);
    require(work.sharedBytes <= work.function->sharedLimit);
    if (moment != Moment::RUNNING) {
        return;
    }
    // A number that could be an address of the device is taken for one: the kernel would crash the process.
    for (const auto& argument : work.arguments) {
        uintptr_t address = 0;
        if (argument.size() == sizeof address) {
            std::memcpy(&address, argument.data(), sizeof address);
            std::shared_ptr<Allocation> memory = allocationAt(address);
            require(!inRegion(address) || (memory && memory->live && memory->device == work.function->context->device));
        }
    }
}

void launch(const KernelWork& work) {
    std::vector<void*> arguments;
    for (const auto& argument : work.arguments) {
        arguments.push_back(const_cast<unsigned char*>(argument.data()));
    }
    LaunchShape shape = {{work.grid[0], work.grid[1], work.grid[2]}, {work.block[0], work.block[1], work.block[2]},
                         work.sharedBytes};
    std::string failure = launchOnHost(*work.function->entry, shape, arguments.data(), draw());
    if (!failure.empty()) {
        bool memory = failure.find("touches memory") != std::string::npos;
        poison(*work.function->context, memory ? CUDA_ERROR_ILLEGAL_ADDRESS : CUDA_ERROR_LAUNCH_FAILED, failure);
    }
}

}  // namespace standin

using namespace standin;

CUresult CUDAAPI cuLaunchKernel(CUfunction handle, unsigned int gridX, unsigned int gridY, unsigned int gridZ,
                                unsigned int blockX, unsigned int blockY, unsigned int blockZ, unsigned int sharedBytes,
                                CUstream where, void** parameters, void** extra) {
    return call("cuLaunchKernel", Needs::CONTEXT,
                ARGS(handle, gridX, gridY, gridZ, blockX, blockY, blockZ, sharedBytes, where, parameters, extra), [&] {
                    KernelWork work{find<Function>(handle), {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, sharedBytes, {}};
                    std::shared_ptr<Stream> stream = standin::stream(where);
                    require(work.function->context == stream->context, CUDA_ERROR_INVALID_HANDLE);
                    require(extra == nullptr, CUDA_ERROR_NOT_SUPPORTED);
                    require(work.function->entry != nullptr, CUDA_ERROR_NO_BINARY_FOR_GPU);
                    const KernelEntry& entry = *work.function->entry;
                    require(entry.parameters == 0 || parameters != nullptr);
                    for (size_t i = 0; i < entry.parameters; i++) {
                        const auto* from = static_cast<const unsigned char*>(parameters[i]);
                        work.arguments.emplace_back(from, from + entry.sizes[i]);
                    }
                    submit(*stream, std::move(work));
                });
}

CUresult CUDAAPI cuFuncGetParamInfo(CUfunction handle, size_t index, size_t* offset, size_t* size) {
    return call("cuFuncGetParamInfo", Needs::CONTEXT, ARGS(handle, index, offset, size), [&] {
        std::shared_ptr<Function> found = find<Function>(handle);
        require(found->entry != nullptr, CUDA_ERROR_NOT_SUPPORTED);
        const KernelEntry& entry = *found->entry;
        require(offset != nullptr && index < entry.parameters);
        *offset = 0;
        for (size_t i = 0; i <= index; i++) {
            *offset = up(*offset, std::min<size_t>(entry.sizes[i], 8));
            *offset += i < index ? entry.sizes[i] : 0;
        }
        if (size != nullptr) {
            *size = entry.sizes[index];
        }
    });
}

CUresult CUDAAPI cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, CUfunction handle, int threads,
                                                             size_t sharedBytes) {
    return call("cuOccupancyMaxActiveBlocksPerMultiprocessor", Needs::CONTEXT, ARGS(blocks, handle, threads, sharedBytes),
                [&] {
                    find<Function>(handle);
                    require(blocks != nullptr && threads > 0);
                    size_t byThreads = 2048 / static_cast<size_t>(threads);
                    size_t byMemory = SHARED_PER_MULTIPROCESSOR / (sharedBytes + 1024);
                    *blocks = static_cast<int>(threads > MAX_THREADS ? 0 : std::min({byThreads, byMemory, size_t{32}}));
                });
}
