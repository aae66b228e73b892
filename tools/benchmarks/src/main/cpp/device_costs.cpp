// What the driver's calls cost in C++: the same calls, in the same order and measured in the same way, as the classes in
// dev.culebra.tools.benchmarks.device make through the runtime.
//
// Usage: device_costs DRIVER IMAGE WARMUP ITERATIONS MILLISECONDS
// The warm-up takes WARMUP milliseconds, each iteration MILLISECONDS. Prints a line "Name nanoseconds" for each benchmark: its
// fastest iteration. The driver is opened by name, so that this compiles and links without CUDA.

#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

constexpr int kLaunches = 100;
constexpr size_t kCopiedBytes = 4096;
constexpr unsigned kNonBlockingStream = 1;
constexpr int kThreadLocalCapture = 1;
constexpr int kPinnedAllocation = 1;
constexpr int kDeviceLocation = 1;

using Handle = void*;
using DeviceAddress = unsigned long long;
using Clock = std::chrono::steady_clock;

Handle driver;

[[noreturn]] void fail(const char* what, int status) {
    std::fprintf(stderr, "%s failed with status %d\n", what, status);
    std::exit(1);
}

// A function of the driver, which returns a status.
template <typename... Arguments>
class Function {
public:
    explicit Function(const char* name)
        : name_(name), pointer_(reinterpret_cast<int (*)(Arguments...)>(dlsym(driver, name))) {
        if (pointer_ == nullptr) {
            std::fprintf(stderr, "the driver has no %s\n", name);
            std::exit(1);
        }
    }

    void operator()(Arguments... arguments) const {
        int status = pointer_(arguments...);
        if (status != 0) {
            fail(name_, status);
        }
    }

private:
    const char* name_;
    int (*pointer_)(Arguments...);
};

struct Settings {
    double warmup;  // In nanoseconds.
    int iterations;
    double iteration;  // In nanoseconds.
};

double since(Clock::time_point start) {
    return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
}

// Runs `work` for a while, with `before` before each run and outside of the time, and returns the time of one run.
template <typename Before, typename Work>
double iterate(double nanoseconds, Before before, Work work) {
    double busy = 0;
    long runs = 0;
    for (Clock::time_point begin = Clock::now(); runs == 0 || since(begin) < nanoseconds; runs++) {
        before();
        Clock::time_point start = Clock::now();
        work();
        busy += since(start);
    }
    return busy / static_cast<double>(runs);
}

// Prints the time of one of the `operations` of `work` in the fastest iteration.
template <typename Before, typename Work>
void measure(const char* name, const Settings& settings, int operations, Before before, Work work) {
    double fastest = iterate(settings.warmup, before, work);
    for (int iteration = 0; iteration < settings.iterations; iteration++) {
        fastest = std::min(fastest, iterate(settings.iteration, before, work));
    }
    std::printf("%s %.3f\n", name, fastest / operations);
}

// The same for work that needs nothing before: the clock is read once for many runs.
template <typename Work>
void measure(const char* name, const Settings& settings, Work work) {
    constexpr int kBatch = 10;
    measure(name, settings, kBatch, [] {}, [&] {
        for (int i = 0; i < kBatch; i++) {
            work();
        }
    });
}

std::vector<char> read(const char* path) {
    std::FILE* file = std::fopen(path, "rb");
    if (file == nullptr) {
        std::perror(path);
        std::exit(1);
    }
    std::vector<char> bytes;
    char buffer[4096];
    for (size_t count; (count = std::fread(buffer, 1, sizeof buffer, file)) > 0;) {
        bytes.insert(bytes.end(), buffer, buffer + count);
    }
    std::fclose(file);
    bytes.push_back(0);
    return bytes;
}

// The driver's CUmemPoolProps of memory of device 0.
struct alignas(8) PoolProperties {
    int allocation = kPinnedAllocation;
    int handles = 0;
    int location = kDeviceLocation;
    int device = 0;
    unsigned char zero[72] = {};
};
static_assert(sizeof(PoolProperties) == 88, "as the driver has it");

}  // namespace

int main(int count, char** arguments) {
    if (count != 6) {
        std::fprintf(stderr, "usage: device_costs DRIVER IMAGE WARMUP ITERATIONS MILLISECONDS\n");
        return 2;
    }
    driver = dlopen(arguments[1], RTLD_NOW);
    if (driver == nullptr) {
        std::fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    std::vector<char> image = read(arguments[2]);
    Settings settings{std::atof(arguments[3]) * 1e6, std::atoi(arguments[4]), std::atof(arguments[5]) * 1e6};

    Handle context, stream, module, kernel, graph, executable, pool;
    DeviceAddress destination;
    void* pinned;
    Function<unsigned>("cuInit")(0);
    Function<Handle*, int>("cuDevicePrimaryCtxRetain")(&context, 0);
    Function<Handle>("cuCtxSetCurrent")(context);
    Function<Handle*, unsigned, int>("cuStreamCreateWithPriority")(&stream, kNonBlockingStream, 0);
    Function<Handle*, const void*>("cuModuleLoadData")(&module, image.data());
    Function<Handle*, Handle, const char*>("cuModuleGetFunction")(&kernel, module, "empty");
    PoolProperties properties;
    Function<Handle*, const PoolProperties*>("cuMemPoolCreate")(&pool, &properties);
    Function<DeviceAddress*, size_t, Handle, Handle>("cuMemAllocFromPoolAsync")(&destination, kCopiedBytes, pool, stream);
    Function<void**, size_t, unsigned>("cuMemHostAlloc")(&pinned, kCopiedBytes, 0);
    std::vector<char> pageable(kCopiedBytes);

    Function<Handle> wait("cuStreamSynchronize");
    Function<DeviceAddress, const void*, size_t, Handle> copyPageable("cuMemcpyHtoDAsync_v2");
    Function<DeviceAddress, DeviceAddress, size_t, Handle> copyPinned("cuMemcpyAsync");
    Function<Handle, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, Handle, void**, void**>
        launchKernel("cuLaunchKernel");
    Function<Handle, Handle> launchGraph("cuGraphLaunch");
    DeviceAddress none = 0;
    void* parameters[] = {&none};
    auto launch = [&] { launchKernel(kernel, 1, 1, 1, 32, 1, 1, 0, stream, parameters, nullptr); };
    auto launches = [&] {
        for (int i = 0; i < kLaunches; i++) {
            launch();
        }
    };
    Function<Handle, int>("cuStreamBeginCapture_v2")(stream, kThreadLocalCapture);
    launches();
    Function<Handle, Handle*>("cuStreamEndCapture")(stream, &graph);
    Function<Handle*, Handle, unsigned long long>("cuGraphInstantiateWithFlags")(&executable, graph, 0);

    measure("KernelLaunch", settings, kLaunches, [&] { wait(stream); }, launches);
    measure("PageableCopy", settings, [&] {
        copyPageable(destination, pageable.data(), kCopiedBytes, stream);
        wait(stream);
    });
    measure("PinnedCopy", settings, [&] {
        copyPinned(destination, reinterpret_cast<DeviceAddress>(pinned), kCopiedBytes, stream);
        wait(stream);
    });
    measure("GraphReplay", settings, [&] {
        launchGraph(executable, stream);
        wait(stream);
    });
    measure("StreamSynchronize", settings, [&] { wait(stream); });
    return 0;
}
