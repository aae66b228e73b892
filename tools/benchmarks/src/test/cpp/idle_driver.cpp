// A driver of one device that does nothing, says that all went well, and counts its calls: enough to run the benchmarks of
// the package `device`, and their twins in C++, where there is no GPU. It shows that they call what they should call.

#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

namespace {

std::map<std::string, long> calls;

int count(const char* function) {
    calls[function]++;
    return 0;
}

int handle(const char* function, void** out) {
    *out = &calls;
    return count(function);
}

}  // namespace

// How often a function was called.
extern "C" long idleDriverCalls(const char* function) {
    return calls[function];
}

#define DOES_NOTHING(name) \
    extern "C" int name(...) { return count(#name); }
#define GIVES_HANDLE(name) \
    extern "C" int name(void** out, ...) { return handle(#name, out); }

DOES_NOTHING(cuInit)
DOES_NOTHING(cuDevicePrimaryCtxRelease_v2)
DOES_NOTHING(cuCtxSetCurrent)
DOES_NOTHING(cuStreamDestroy_v2)
DOES_NOTHING(cuStreamSynchronize)
DOES_NOTHING(cuStreamBeginCapture_v2)
DOES_NOTHING(cuModuleUnload)
DOES_NOTHING(cuLaunchKernel)
DOES_NOTHING(cuMemPoolSetAttribute)
DOES_NOTHING(cuMemPoolDestroy)
DOES_NOTHING(cuMemFreeAsync)
DOES_NOTHING(cuMemFreeHost)
DOES_NOTHING(cuMemcpyAsync)
DOES_NOTHING(cuMemcpyHtoDAsync_v2)
DOES_NOTHING(cuGraphDestroy)
DOES_NOTHING(cuGraphExecDestroy)
DOES_NOTHING(cuGraphLaunch)

GIVES_HANDLE(cuDevicePrimaryCtxRetain)
GIVES_HANDLE(cuStreamCreateWithPriority)
GIVES_HANDLE(cuModuleLoadData)
GIVES_HANDLE(cuModuleLoadDataEx)
GIVES_HANDLE(cuModuleGetFunction)
GIVES_HANDLE(cuMemPoolCreate)
GIVES_HANDLE(cuMemAllocFromPoolAsync)
GIVES_HANDLE(cuGraphInstantiateWithFlags)

extern "C" int cuDriverGetVersion(int* version) {
    *version = 13000;
    return 0;
}

extern "C" int cuDeviceGetCount(int* devices) {
    *devices = 1;
    return 0;
}

extern "C" int cuDeviceGet(int* device, int) {
    *device = 0;
    return 0;
}

extern "C" int cuDeviceGetName(char* name, int bytes, int) {
    std::strncpy(name, "idle", bytes);
    return 0;
}

// Compute capability 9.0, and every limit is high enough.
extern "C" int cuDeviceGetAttribute(int* value, int attribute, int) {
    constexpr int kMajor = 75;
    constexpr int kMinor = 76;
    *value = attribute == kMajor ? 9 : attribute == kMinor ? 0 : 1024;
    return 0;
}

extern "C" int cuFuncGetAttribute(int* value, ...) {
    *value = 1024;
    return 0;
}

// The one kernel has one parameter of eight bytes.
extern "C" int cuFuncGetParamInfo(void*, size_t index, size_t* offset, size_t* size) {
    constexpr int kInvalidValue = 1;
    *offset = 0;
    *size = sizeof(void*);
    return index == 0 ? 0 : kInvalidValue;
}

extern "C" int cuMemHostAlloc(void** memory, size_t bytes, unsigned) {
    *memory = std::calloc(bytes, 1);
    return 0;
}

extern "C" int cuStreamEndCapture(void*, void** graph) {
    return handle("cuStreamEndCapture", graph);
}
