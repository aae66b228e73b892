// Work of other libraries, and what they share with the driver: the log, the failures asked for, the counts.
#include "library.h"

#include "graph.h"

namespace standin {

struct LibraryCall {
    std::string name;
    std::vector<StandinMemory> memory;
    std::vector<std::string> memoryNames;
    const char* (*run)(void* data);
    void (*release)(void* data);
    void* data;

    explicit LibraryCall(const StandinWork& work)
        : name(work.name), memory(work.memory, work.memory + work.count), run(work.run), release(work.release),
          data(work.data) {
        for (const StandinMemory& each : memory) {
            memoryNames.push_back(each.name);
        }
    }

    LibraryCall(const LibraryCall&) = delete;
    LibraryCall& operator=(const LibraryCall&) = delete;

    ~LibraryCall() { release(data); }
};

const std::string& nameOf(const LibraryCall& call) { return call.name; }

void runLibrary(const LibraryCall& call, Context& context) {
    for (size_t i = 0; i < call.memory.size(); i++) {
        const StandinMemory& each = call.memory[i];
        try {
            checkRange(reinterpret_cast<uintptr_t>(each.address), each.bytes, Side::DEVICE, Moment::RUNNING);
        } catch (const Failure&) {
            poison(context, CUDA_ERROR_ILLEGAL_ADDRESS,
                   call.name + " touches memory that is not there: " + call.memoryNames[i] + " at "
                       + describe(each.address) + ", " + describe(each.bytes) + " bytes");
            return;
        }
    }
    const char* failure = call.run(call.data);
    if (failure != nullptr) {
        poison(context, CUDA_ERROR_LAUNCH_FAILED, call.name + ": " + failure);
    }
}

}  // namespace standin

using namespace standin;

CUresult standin_submit(CUstream handle, const StandinWork* work) {
    std::lock_guard<std::mutex> lock(state().mutex);
    auto call = std::make_shared<LibraryCall>(*work);
    try {
        require(state().initialised, CUDA_ERROR_NOT_INITIALIZED);
        require(current()->sticky == CUDA_SUCCESS, current()->sticky);
        std::shared_ptr<Stream> where = stream(handle);
        require(where->context == current(), CUDA_ERROR_INVALID_HANDLE);
        submit(*where, LibraryWork{std::move(call)});
        return CUDA_SUCCESS;
    } catch (const Failure& failure) {
        return failure.status;
    }
}

int standin_enter(const char* function, const char* arguments) {
    std::lock_guard<std::mutex> lock(state().mutex);
    log(function, arguments);
    return takeInjection(function).value_or(CUDA_SUCCESS);
}

int standin_current_device(void) {
    std::lock_guard<std::mutex> lock(state().mutex);
    const auto& contexts = thisThread().contexts;
    bool sound = !contexts.empty() && contexts.back() && !contexts.back()->destroyed
        && contexts.back()->sticky == CUDA_SUCCESS;
    return sound ? contexts.back()->device : -1;
}

CUresult standin_unsafe_call(void) {
    std::lock_guard<std::mutex> lock(state().mutex);
    try {
        forbidUnsafeDuringCapture();
        return CUDA_SUCCESS;
    } catch (const Failure& failure) {
        return failure.status;
    }
}

void* standin_new_handle(void) {
    std::lock_guard<std::mutex> lock(state().mutex);
    return newHandle();
}

void standin_count(const char* kind, int change) {
    std::lock_guard<std::mutex> lock(state().mutex);
    state().counts[kind] += change;
}

void standin_explain(const char* message) {
    std::lock_guard<std::mutex> lock(state().mutex);
    state().message = message;
}
