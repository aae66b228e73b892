// What the calls of the stand-in share: handles, the state of the process, and the way into and out of each call.
#pragma once

// The library shows what cuda.h declares and what control.h declares, and nothing else.
#pragma GCC visibility push(default)
#include <cuda.h>
#pragma GCC visibility pop

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace standin {

struct Failure {
    CUresult status;
};

[[noreturn]] inline void fail(CUresult status) { throw Failure{status}; }

inline void require(bool condition, CUresult otherwise = CUDA_ERROR_INVALID_VALUE) {
    if (!condition) {
        fail(otherwise);
    }
}

struct Context;
struct Pool;

// What a handle stands for. Handles are numbers that no memory lies at, so a stale or foreign one is found out by
// looking it up, never by following it.
struct Object {
    void* handle = nullptr;
    std::shared_ptr<Context> context;  // empty for what belongs to no context

    virtual ~Object() = default;
    virtual const char* kind() const = 0;  // the name under which live objects are counted; null for uncounted ones
};

struct Node;
struct Graph;
struct Stream;

struct Capture {
    unsigned long long id;
    CUstreamCaptureMode mode;
    std::thread::id thread;
    const Stream* origin;  // which began it
    std::shared_ptr<Context> context;
    std::shared_ptr<Graph> graph;
    bool invalidated = false;
};

// A point in the work of a stream.
struct Marker {
    std::weak_ptr<Stream> stream;
    bool reached = false;
    std::chrono::steady_clock::time_point time;
};

// Work that waits in a stream for its turn.
struct Task {
    std::function<void()> run;
    std::shared_ptr<Marker> after;  // a point of another stream that must be reached before, or none
};

struct Stream : Object {
    unsigned int flags = 0;
    int priority = 0;
    bool legacy = false;
    unsigned long long id = 0;
    std::shared_ptr<Capture> capture;
    std::vector<Node*> dependencies;  // what the next captured node comes after
    std::deque<Task> tasks;

    const char* kind() const override { return handle == nullptr ? nullptr : "stream"; }
};

struct Event : Object {
    unsigned int flags = 0;
    std::shared_ptr<Marker> last;      // none before it is recorded
    std::shared_ptr<Capture> capture;  // set while its last record was a captured one
    std::vector<Node*> dependencies;

    const char* kind() const override { return "event"; }
};

struct Context : Object {
    int device = 0;
    bool primary = false;
    bool destroyed = false;
    unsigned int flags = 0;
    unsigned long long id = 0;
    CUresult sticky = CUDA_SUCCESS;  // the error after which only a reset helps
    std::string reason;              // of the sticky error, for people
    std::shared_ptr<Stream> legacyStream;
    std::shared_ptr<Stream> perThreadStream;
    std::map<int, size_t> limits;
    std::set<Context*> peers;

    const char* kind() const override { return "context"; }
};

enum class Origin { DEVICE, POOL, GRAPH, MODULE, PINNED, REGISTERED };

struct Allocation {
    Origin origin;
    uintptr_t address;
    size_t size;
    int device;
    unsigned long long id;
    bool live = true;      // false between the launches of the graph that owns it
    bool freeing = false;  // the freeing waits in a stream
    unsigned int flags = 0;
    void* context = nullptr;
    std::shared_ptr<Pool> pool;
    const void* module = nullptr;  // whose variable it is
};

struct Pool : Object {
    int device = 0;
    size_t maximum = 0;
    size_t threshold = 0;
    size_t used = 0;
    size_t usedHigh = 0;
    size_t reserved = 0;
    size_t reservedHigh = 0;
    int reuse[3] = {1, 1, 1};
    bool isDefault = false;
    bool destroyed = false;  // gone once its last allocation is

    const char* kind() const override { return isDefault ? nullptr : "pool"; }
};

struct Device {
    int ordinal = 0;
    size_t total = 0;
    size_t direct = 0;  // bytes of allocations that come from no pool
    uintptr_t base = 0;  // of the addresses that only this device hands out
    size_t span = 0;
    uintptr_t next = 0;
    unsigned int flags = 0;
    int retained = 0;
    std::shared_ptr<Context> primary;
    std::shared_ptr<Pool> defaultPool;
    std::shared_ptr<Pool> pool;
    std::vector<std::weak_ptr<Pool>> pools;
};

struct Injection {
    std::string function;
    CUresult status;
    long after;
};

struct State {
    std::mutex mutex;
    bool initialised = false;
    bool blocking = false;  // CUDA_LAUNCH_BLOCKING
    int deviceCount = 2;
    size_t deviceMemory = size_t{1} << 30;
    uint64_t seed = 1;
    std::vector<Device> devices;
    std::unordered_map<const void*, std::shared_ptr<Object>> objects;
    std::map<uintptr_t, std::shared_ptr<Allocation>> allocations;
    std::vector<std::shared_ptr<Capture>> captures;
    std::vector<Injection> injections;
    std::deque<std::string> log;
    std::map<std::string, long> counts;  // of the objects of other libraries, by kind
    std::string message;  // what the last failure was about, for people
    unsigned long long counter = 0;
};

State& state();

// What the calling thread has made current, and how it takes part in captures.
struct ThreadState {
    std::vector<std::shared_ptr<Context>> contexts;
    CUstreamCaptureMode captureMode = CU_STREAM_CAPTURE_MODE_GLOBAL;
};

ThreadState& thisThread();

// --- handles -----------------------------------------------------------------------------------------------------

void* newHandle();

template <class T>
void* add(const std::shared_ptr<T>& object) {
    object->handle = newHandle();
    state().objects[object->handle] = object;
    return object->handle;
}

template <class T>
std::shared_ptr<T> find(const void* handle, CUresult otherwise = CUDA_ERROR_INVALID_HANDLE) {
    auto found = state().objects.find(handle);
    auto object = found == state().objects.end() ? nullptr : std::dynamic_pointer_cast<T>(found->second);
    require(object != nullptr, otherwise);
    return object;
}

inline void remove(const Object& object) { state().objects.erase(object.handle); }

// --- devices, contexts and streams -------------------------------------------------------------------------------

constexpr const char* DEVICE_NAME = "Culebra stand-in device (not a GPU)";
constexpr int MAX_THREADS = 1024;
constexpr size_t SHARED_DEFAULT = 48 * 1024;
constexpr size_t SHARED_OPTIN = 227 * 1024;
constexpr size_t SHARED_PER_MULTIPROCESSOR = 228 * 1024;
constexpr int MULTIPROCESSORS = 132;
constexpr int LEAST_PRIORITY = 0;
constexpr int GREATEST_PRIORITY = -5;

void initialise();
Device& device(CUdevice ordinal);
std::shared_ptr<Context> current();
std::shared_ptr<Context> context(CUcontext handle);
std::shared_ptr<Stream> stream(CUstream handle);  // also the legacy stream (0, 1) and the thread's own (2)
void poison(Context& context, CUresult status, const std::string& reason);

// --- queues: queue.cpp --------------------------------------------------------------------------------------------

uint64_t draw();  // the next random number of the seed
void forEachStream(const std::function<void(Stream&)>& action);
// Puts a task at the end. How soon it runs, nobody may rely on: sometimes at once, sometimes when somebody waits for it.
void enqueue(Stream& stream, Task task);
std::shared_ptr<Marker> mark(const std::shared_ptr<Stream>& stream);
// Runs the oldest task, if there is one.
void step(Stream& stream);
void drain(Stream& stream);
void drainAll(const Context& context);
void await(const Marker& marker);

// --- captures ----------------------------------------------------------------------------------------------------

// Ends in CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED where a capture forbids "potentially unsafe" calls to this thread.
void forbidUnsafeDuringCapture();
// Ends in CUDA_ERROR_STREAM_CAPTURE_IMPLICIT where the legacy stream would have to wait for a capturing one.
void forbidLegacyDuringCapture(const Context& context, bool invalidate = true);
// Both: for calls that wait for the device by way of the legacy stream.
void synchronousCall();

// --- memory ------------------------------------------------------------------------------------------------------

enum class Side { DEVICE, HOST, EITHER };

// When something is checked: as it is handed in, as it is captured, or as its turn has come.
enum class Moment { QUEUED, CAPTURED, RUNNING };

void openRegion(Device& device);
void freeAllocationsOf(const Context& context);
void releaseUnused(const Context& context);  // what a synchronisation lets the pools give back
std::shared_ptr<Allocation> allocationAt(uintptr_t address);  // the live or graph-owned one around it, or none
void checkRange(uintptr_t address, size_t bytes, Side side, Moment moment);
void checkGuards(const Context& context);
std::shared_ptr<Allocation> allocateForGraph(int device, size_t bytes);
void setLive(Allocation& allocation, bool live);
void release(const Allocation& allocation);
void addModuleVariable(uintptr_t address, size_t bytes, const Context& context, const void* module);

// --- into and out of a call --------------------------------------------------------------------------------------

enum class Needs {
    NOTHING,
    DRIVER,          // cuInit must have been called
    CONTEXT,         // a context must be current, and it must be sound
    CONTEXT_TO_FREE  // the same, but what is to be freed is freed although the context is not sound
};

CUresult enter(const char* name, Needs needs, const std::string& arguments);
void log(const char* name, const std::string& arguments);
// The status that a test asked this call to fail with, which is forgotten.
std::optional<CUresult> takeInjection(const char* name);

template <class V>
void print(std::ostringstream& out, const V& value) {
    if constexpr (std::is_pointer_v<V>) {
        out << reinterpret_cast<const void*>(value);
    } else if constexpr (std::is_floating_point_v<V>) {
        out << value;
    } else {
        out << static_cast<long long>(value);
    }
}

template <class... A>
std::string describe(const A&... arguments) {
    std::ostringstream out;
    [[maybe_unused]] const char* separator = "";
    ((out << separator, print(out, arguments), separator = ", "), ...);
    return out.str();
}

// Runs one call of the API: one at a time, logged, with the checks that all calls share before it.
template <class... A, class Body>
CUresult call(const char* name, Needs needs, const std::tuple<A...>& arguments, Body body) {
    try {
        std::lock_guard<std::mutex> lock(state().mutex);
        CUresult pending = enter(name, needs, std::apply([](const auto&... each) { return describe(each...); }, arguments));
        body();
        return pending;
    } catch (const Failure& failure) {
        return failure.status;
    } catch (const std::bad_alloc&) {
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
}

#define ARGS(...) std::make_tuple(__VA_ARGS__)

template <class T>
T handleAs(void* handle) {
    return reinterpret_cast<T>(handle);
}

}  // namespace standin
