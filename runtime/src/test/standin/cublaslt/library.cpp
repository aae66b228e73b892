// The library itself: its version, its handle, the names of its status codes.
#include "lt.h"

namespace standin {

std::mutex& callMutex() {
    static std::mutex* const mutex = new std::mutex;
    return *mutex;
}

// cuBLASLt writes its reasons to a log file alone: here standin_message has them.
void keepReason(const std::string&) {}

Objects& objects() {
    // Never destroyed: threads of the JVM may call while the process ends.
    static Objects* const all = new Objects;
    return *all;
}

}  // namespace standin

using namespace standin;

cublasStatus_t cublasLtCreate(cublasLtHandle_t* out) {
    return call<cublasStatus_t>("cublasLtCreate", listed(out), [&] {
        require(out != nullptr, CUBLAS_STATUS_INVALID_VALUE, "no place for the handle");
        int device = standin_current_device();
        require(device >= 0, CUBLAS_STATUS_NOT_INITIALIZED, "no context is current, or an error has poisoned it");
        require(standin_unsafe_call() == CUDA_SUCCESS, CUBLAS_STATUS_NOT_INITIALIZED, "a stream is being captured");
        auto made = std::make_shared<LtHandle>();
        made->device = device;
        *out = objects().add<cublasLtHandle_t>(made);
    });
}

cublasStatus_t cublasLtDestroy(cublasLtHandle_t handle) {
    return call<cublasStatus_t>("cublasLtDestroy", listed(handle), [&] {
        objects().remove<LtHandle>(handle, CUBLAS_STATUS_INVALID_VALUE);
    });
}

size_t cublasLtGetVersion() { return CUBLAS_VERSION; }

const char* cublasLtGetStatusName(cublasStatus_t status) {
    switch (status) {
        case CUBLAS_STATUS_SUCCESS: return "CUBLAS_STATUS_SUCCESS";
        case CUBLAS_STATUS_NOT_INITIALIZED: return "CUBLAS_STATUS_NOT_INITIALIZED";
        case CUBLAS_STATUS_ALLOC_FAILED: return "CUBLAS_STATUS_ALLOC_FAILED";
        case CUBLAS_STATUS_INVALID_VALUE: return "CUBLAS_STATUS_INVALID_VALUE";
        case CUBLAS_STATUS_ARCH_MISMATCH: return "CUBLAS_STATUS_ARCH_MISMATCH";
        case CUBLAS_STATUS_MAPPING_ERROR: return "CUBLAS_STATUS_MAPPING_ERROR";
        case CUBLAS_STATUS_EXECUTION_FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
        case CUBLAS_STATUS_INTERNAL_ERROR: return "CUBLAS_STATUS_INTERNAL_ERROR";
        case CUBLAS_STATUS_NOT_SUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
        case CUBLAS_STATUS_LICENSE_ERROR: return "CUBLAS_STATUS_LICENSE_ERROR";
        default: return "unrecognized status";
    }
}

const char* cublasLtGetStatusString(cublasStatus_t status) {
    switch (status) {
        case CUBLAS_STATUS_SUCCESS: return "success, in the stand-in";
        case CUBLAS_STATUS_INVALID_VALUE: return "the stand-in was given a value that is not allowed";
        case CUBLAS_STATUS_NOT_SUPPORTED: return "the stand-in has no such product";
        default: return "the stand-in failed";
    }
}
