// Copies and fills.
#include "graph.h"

using namespace standin;

namespace {

uintptr_t number(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

// A call that returns when it is done, by way of the legacy stream.
void now(const Work& work) {
    std::shared_ptr<Context> mine = current();
    synchronousCall();
    submit(*mine->legacyStream, work);
}

CopyWork copy(uintptr_t to, uintptr_t from, size_t bytes, Side toSide, Side fromSide) {
    return {to, from, bytes, toSide, fromSide, allocationAt(to), allocationAt(from), nullptr};
}

void later(const Work& work, CUstream handle) { submit(*stream(handle), work); }

FillWork fill(CUdeviceptr to, unsigned int value, unsigned int width, size_t count) {
    require(to % width == 0);
    return {to, value, width, count};
}

}  // namespace

CUresult CUDAAPI cuMemcpy(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
    return call("cuMemcpy", Needs::CONTEXT, ARGS(to, from, bytes), [&] {
        now(copy(to, from, bytes, Side::EITHER, Side::EITHER));
    });
}

CUresult CUDAAPI cuMemcpyHtoD(CUdeviceptr to, const void* from, size_t bytes) {
    return call("cuMemcpyHtoD", Needs::CONTEXT, ARGS(to, from, bytes), [&] {
        now(copy(to, number(from), bytes, Side::DEVICE, Side::HOST));
    });
}

CUresult CUDAAPI cuMemcpyDtoH(void* to, CUdeviceptr from, size_t bytes) {
    return call("cuMemcpyDtoH", Needs::CONTEXT, ARGS(to, from, bytes), [&] {
        now(copy(number(to), from, bytes, Side::HOST, Side::DEVICE));
    });
}

CUresult CUDAAPI cuMemcpyDtoD(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
    return call("cuMemcpyDtoD", Needs::CONTEXT, ARGS(to, from, bytes), [&] {
        now(copy(to, from, bytes, Side::DEVICE, Side::DEVICE));
    });
}

CUresult CUDAAPI cuMemcpyAsync(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream handle) {
    return call("cuMemcpyAsync", Needs::CONTEXT, ARGS(to, from, bytes, handle), [&] {
        later(copy(to, from, bytes, Side::EITHER, Side::EITHER), handle);
    });
}

CUresult CUDAAPI cuMemcpyHtoDAsync(CUdeviceptr to, const void* from, size_t bytes, CUstream handle) {
    return call("cuMemcpyHtoDAsync", Needs::CONTEXT, ARGS(to, from, bytes, handle), [&] {
        later(copy(to, number(from), bytes, Side::DEVICE, Side::HOST), handle);
    });
}

CUresult CUDAAPI cuMemcpyDtoHAsync(void* to, CUdeviceptr from, size_t bytes, CUstream handle) {
    return call("cuMemcpyDtoHAsync", Needs::CONTEXT, ARGS(to, from, bytes, handle), [&] {
        later(copy(number(to), from, bytes, Side::HOST, Side::DEVICE), handle);
    });
}

CUresult CUDAAPI cuMemcpyDtoDAsync(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream handle) {
    return call("cuMemcpyDtoDAsync", Needs::CONTEXT, ARGS(to, from, bytes, handle), [&] {
        later(copy(to, from, bytes, Side::DEVICE, Side::DEVICE), handle);
    });
}

CUresult CUDAAPI cuMemsetD8(CUdeviceptr to, unsigned char value, size_t count) {
    return call("cuMemsetD8", Needs::CONTEXT, ARGS(to, value, count), [&] { now(fill(to, value, 1, count)); });
}

CUresult CUDAAPI cuMemsetD16(CUdeviceptr to, unsigned short value, size_t count) {
    return call("cuMemsetD16", Needs::CONTEXT, ARGS(to, value, count), [&] { now(fill(to, value, 2, count)); });
}

CUresult CUDAAPI cuMemsetD32(CUdeviceptr to, unsigned int value, size_t count) {
    return call("cuMemsetD32", Needs::CONTEXT, ARGS(to, value, count), [&] { now(fill(to, value, 4, count)); });
}

CUresult CUDAAPI cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t count, CUstream handle) {
    return call("cuMemsetD8Async", Needs::CONTEXT, ARGS(to, value, count, handle), [&] {
        later(fill(to, value, 1, count), handle);
    });
}

CUresult CUDAAPI cuMemsetD16Async(CUdeviceptr to, unsigned short value, size_t count, CUstream handle) {
    return call("cuMemsetD16Async", Needs::CONTEXT, ARGS(to, value, count, handle), [&] {
        later(fill(to, value, 2, count), handle);
    });
}

CUresult CUDAAPI cuMemsetD32Async(CUdeviceptr to, unsigned int value, size_t count, CUstream handle) {
    return call("cuMemsetD32Async", Needs::CONTEXT, ARGS(to, value, count, handle), [&] {
        later(fill(to, value, 4, count), handle);
    });
}
