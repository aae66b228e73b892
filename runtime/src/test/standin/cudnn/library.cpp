// The library itself: its version, its handle, its status codes and what it has to say of the last failure.
#include "dnn.h"

#include <cstring>

namespace standin {

namespace {

thread_local std::string lastReason;

}  // namespace

std::mutex& callMutex() {
    static std::mutex* const mutex = new std::mutex;
    return *mutex;
}

void keepReason(const std::string& reason) { lastReason = reason; }

Objects& objects() {
    // Never destroyed: threads of the JVM may call while the process ends.
    static Objects* const all = new Objects;
    return *all;
}

}  // namespace standin

using namespace standin;

cudnnStatus_t cudnnCreate(cudnnHandle_t* out) {
    return call<cudnnStatus_t>("cudnnCreate", listed(out), [&] {
        require(out != nullptr, CUDNN_STATUS_BAD_PARAM, "no place for the handle");
        int device = standin_current_device();
        require(device >= 0, CUDNN_STATUS_NOT_INITIALIZED, "no context is current, or an error has poisoned it");
        require(standin_unsafe_call() == CUDA_SUCCESS, CUDNN_STATUS_INTERNAL_ERROR, "a stream is being captured");
        auto made = std::make_shared<DnnHandle>();
        made->device = device;
        *out = objects().add<cudnnHandle_t>(made);
    });
}

cudnnStatus_t cudnnDestroy(cudnnHandle_t handle) {
    return call<cudnnStatus_t>("cudnnDestroy", listed(handle), [&] {
        objects().remove<DnnHandle>(handle, CUDNN_STATUS_BAD_PARAM);
    });
}

cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream) {
    return call<cudnnStatus_t>("cudnnSetStream", listed(handle, stream), [&] {
        auto library = objects().find<DnnHandle>(handle, CUDNN_STATUS_BAD_PARAM);
        library->stream = reinterpret_cast<CUstream>(stream);
    });
}

cudnnStatus_t cudnnGetStream(cudnnHandle_t handle, cudaStream_t* stream) {
    return call<cudnnStatus_t>("cudnnGetStream", listed(handle, stream), [&] {
        require(stream != nullptr, CUDNN_STATUS_BAD_PARAM, "no place for the stream");
        *stream = reinterpret_cast<cudaStream_t>(objects().find<DnnHandle>(handle, CUDNN_STATUS_BAD_PARAM)->stream);
    });
}

size_t cudnnGetVersion() { return CUDNN_VERSION; }

const char* cudnnGetErrorString(cudnnStatus_t status) {
    switch (status) {
        case CUDNN_STATUS_SUCCESS: return "CUDNN_STATUS_SUCCESS";
        case CUDNN_STATUS_NOT_INITIALIZED: return "CUDNN_STATUS_NOT_INITIALIZED";
        case CUDNN_STATUS_BAD_PARAM: return "CUDNN_STATUS_BAD_PARAM";
        case CUDNN_STATUS_BAD_PARAM_NULL_POINTER: return "CUDNN_STATUS_BAD_PARAM_NULL_POINTER";
        case CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER: return "CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER";
        case CUDNN_STATUS_NOT_SUPPORTED: return "CUDNN_STATUS_NOT_SUPPORTED";
        case CUDNN_STATUS_INTERNAL_ERROR: return "CUDNN_STATUS_INTERNAL_ERROR";
        case CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED:
            return "CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED";
        case CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED:
            return "CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED";
        case CUDNN_STATUS_EXECUTION_FAILED: return "CUDNN_STATUS_EXECUTION_FAILED";
        default: return "CUDNN_UNKNOWN_STATUS";
    }
}

void cudnnGetLastErrorString(char* message, size_t room) {
    if (message != nullptr && room > 0) {
        std::strncpy(message, lastReason.c_str(), room - 1);
        message[room - 1] = 0;
    }
    lastReason.clear();
}
