// Runs kernels on the host: each thread of a block is a fiber, and a random one of those that can go on goes on.
#include "engine.h"
#include "sanitizer.h"

#include <algorithm>
#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <sys/mman.h>
#include <ucontext.h>

namespace standin {

namespace {

constexpr size_t STACK = 64 * 1024;
constexpr size_t LANES = 32;
constexpr size_t MOST_THREADS = 1024;
constexpr unsigned int ALL_LANES = 0xffffffffu;

enum class Waits { FOR_NOTHING, FOR_BLOCK, FOR_WARP, ENDED };

// What a warp exchanges: this time and the last time.
struct alignas(MOST_BYTES) Exchanged {
    unsigned char values[2][LANES * MOST_BYTES];
};

// Where a fiber runs. It lives on from launch to launch, since to begin it costs more than most kernels take.
struct Stack {
    bool started;
    jmp_buf place;
};

struct Fiber {
    DeviceThread thread;
    Stack* stack;
    Waits waits;
    unsigned int mask;  // of the lanes it waits for
    const void* mine;
    size_t bytes;
    const unsigned char* all;  // what it gets
    Exchanged own;             // that, where not the whole warp took part
    unsigned int exchanges;
};

struct Warp {
    Exchanged exchanged;  // by all lanes
    unsigned int exchanges;
};

// One launch, on the thread of the host that makes it.
struct Run {
    const KernelEntry* kernel;
    void* const* arguments;
    std::vector<Fiber> fibers;
    std::vector<Warp> warps;
    std::vector<size_t> ready;
    unsigned char* stacks;
    Fiber* current;
    const DeviceThread* currentThread;
    jmp_buf scheduler;
    ucontext_t entry;
    std::minstd_rand random;
    std::string failure;
    sigjmp_buf rescue;
};

thread_local Run* run = nullptr;
// Kernels read it through a pointer that is the same for all launches: launches run one at a time.
const DeviceThread* currentThread = nullptr;

std::string text(const Index& index) {
    return "(" + std::to_string(index.x) + ", " + std::to_string(index.y) + ", " + std::to_string(index.z) + ")";
}

std::string where() {
    const DeviceThread& thread = run->current->thread;
    return std::string("kernel ") + run->kernel->name + ", block " + text(thread.blockIdx) + ", thread "
        + text(thread.threadIdx);
}

// Back to the scheduler until it comes here again.
void yield() {
    if (_setjmp(run->current->stack->place) == 0) {
        _longjmp(run->scheduler, 1);
    }
}

// Once for each block. Not inlined: the next block may come on another thread of the host, where the run is elsewhere.
[[gnu::noinline]] void runThread() {
    run->kernel->run(run->arguments);
    run->current->waits = Waits::ENDED;
    yield();
}

[[noreturn]] void runFiber() {
    for (;;) {
        runThread();
    }
}

void resume(Fiber& fiber) {
    run->current = &fiber;
    currentThread = &fiber.thread;
    if (_setjmp(run->scheduler) != 0) {
        return;
    }
    if (fiber.stack->started) {
        _longjmp(fiber.stack->place, 1);
    }
    fiber.stack->started = true;
    getcontext(&run->entry);
    size_t number = &fiber - run->fibers.data();
    run->entry.uc_stack.ss_sp = run->stacks + number * STACK;
    run->entry.uc_stack.ss_size = STACK;
    run->entry.uc_link = nullptr;
    makecontext(&run->entry, runFiber, 0);
    setcontext(&run->entry);
}

void barrier() {
    run->current->waits = Waits::FOR_BLOCK;
    yield();
}

void trap(const char* reason) {
    run->failure = where() + ": " + reason;
    run->current->waits = Waits::ENDED;
    _longjmp(run->scheduler, 1);
}

const unsigned char* keep(Fiber& fiber, const unsigned char* all) {
    unsigned char* own = fiber.own.values[fiber.exchanges++ % 2];
    std::memcpy(own, all, LANES * fiber.bytes);
    return own;
}

// Lets the lanes of a mask go on if all have come, each with what all have brought.
void completeExchange(size_t warp, unsigned int mask) {
    size_t first = warp * LANES;
    size_t last = std::min(first + LANES, run->fibers.size());
    for (size_t each = first; each < last; each++) {
        const Fiber& fiber = run->fibers[each];
        bool wanted = (mask >> (each - first) & 1) != 0;
        if (wanted && fiber.waits != Waits::ENDED && (fiber.waits != Waits::FOR_WARP || fiber.mask != mask)) {
            return;
        }
    }
    bool together = mask == ALL_LANES;
    Warp& whole = run->warps[warp];
    // A lane that has not gone on yet may still read what the whole warp exchanged before, but not what it did twice before.
    unsigned char ofSome[LANES * MOST_BYTES];
    unsigned char* all = together ? whole.exchanged.values[whole.exchanges++ % 2] : ofSome;
    for (size_t from = first; from < last; from++) {
        const Fiber& fiber = run->fibers[from];
        if (fiber.waits == Waits::FOR_WARP && fiber.mask == mask) {
            std::memcpy(all + (from - first) * fiber.bytes, fiber.mine, fiber.bytes);
        }
    }
    for (size_t each = first; each < last; each++) {
        Fiber& fiber = run->fibers[each];
        if (fiber.waits == Waits::FOR_WARP && fiber.mask == mask) {
            fiber.waits = Waits::FOR_NOTHING;
            fiber.all = together ? all : keep(fiber, all);
            run->ready.push_back(each);
        }
    }
}

const void* exchange(unsigned int mask, const void* mine, size_t bytes) {
    Fiber& fiber = *run->current;
    size_t number = run->current - run->fibers.data();
    if ((mask >> number % LANES & 1) == 0) {
        trap("a thread takes part in an operation of its warp whose mask leaves it out");
    }
    fiber.waits = Waits::FOR_WARP;
    fiber.mask = mask;
    fiber.mine = mine;
    fiber.bytes = bytes;
    yield();
    return fiber.all;
}

const Engine ENGINE = {&currentThread, barrier, exchange, trap};

void openLaunch(const LaunchShape& shape) {
    for (size_t number = 0; number < run->fibers.size(); number++) {
        Fiber& fiber = run->fibers[number];
        auto x = static_cast<unsigned int>(number);
        fiber.thread.threadIdx = {x % shape.block.x, x / shape.block.x % shape.block.y,
                                  x / shape.block.x / shape.block.y};
        fiber.thread.blockDim = shape.block;
        fiber.thread.gridDim = shape.grid;
    }
}

void openBlock(const Index& block, unsigned char* shared) {
    run->ready.resize(run->fibers.size());
    for (size_t number = 0; number < run->fibers.size(); number++) {
        Fiber& fiber = run->fibers[number];
        fiber.thread.blockIdx = block;
        fiber.thread.dynamicShared = shared;
        fiber.waits = Waits::FOR_NOTHING;
        run->ready[number] = number;
    }
}

bool completeBarrier() {
    for (const Fiber& fiber : run->fibers) {
        if (fiber.waits != Waits::FOR_BLOCK && fiber.waits != Waits::ENDED) {
            return false;
        }
    }
    for (size_t number = 0; number < run->fibers.size(); number++) {
        if (run->fibers[number].waits == Waits::FOR_BLOCK) {
            run->fibers[number].waits = Waits::FOR_NOTHING;
            run->ready.push_back(number);
        }
    }
    return !run->ready.empty();
}

// A thread that ended does not hold up those that wait for its lane.
void completeWaitingWarps() {
    for (size_t number = 0; number < run->fibers.size(); number++) {
        if (run->fibers[number].waits == Waits::FOR_WARP) {
            completeExchange(number / LANES, run->fibers[number].mask);
        }
    }
}

void runBlock() {
    while (run->failure.empty()) {
        if (run->ready.empty()) {
            completeWaitingWarps();
        }
        if (run->ready.empty() && !completeBarrier()) {
            break;
        }
        std::swap(run->ready[run->random() % run->ready.size()], run->ready.back());
        size_t number = run->ready.back();
        run->ready.pop_back();
        Fiber& fiber = run->fibers[number];
        resume(fiber);
        if (fiber.waits == Waits::FOR_WARP) {
            completeExchange(number / LANES, fiber.mask);
        }
    }
    for (const Fiber& fiber : run->fibers) {
        if (run->failure.empty() && fiber.waits != Waits::ENDED) {
            run->current = const_cast<Fiber*>(&fiber);
            run->failure = where() + ": waits for threads that never come to where it is";
        }
    }
}

// --- what a kernel may not touch ---------------------------------------------------------------------------------------

// Code that C++ leaves undefined traps, where gcc can tell.
constexpr int FAULTS[] = {SIGSEGV, SIGBUS, SIGILL};
struct sigaction previous[std::size(FAULTS)];

void onFault(int signal, siginfo_t* information, void* context) {
    if (run != nullptr) {
        siglongjmp(run->rescue, signal);
    }
    const struct sigaction& other = previous[std::find(std::begin(FAULTS), std::end(FAULTS), signal) - FAULTS];
    if ((other.sa_flags & SA_SIGINFO) != 0) {
        other.sa_sigaction(signal, information, context);
    } else if (other.sa_handler != SIG_DFL && other.sa_handler != SIG_IGN) {
        other.sa_handler(signal);
    } else {
        sigaction(signal, &other, nullptr);
    }
}

// While a kernel runs, touching forbidden memory is the kernel's failure; faults of other threads go where they went.
struct FaultHandler {
    FaultHandler() {
        struct sigaction own = {};
        own.sa_sigaction = onFault;
        own.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
        for (size_t i = 0; i < std::size(FAULTS); i++) {
            sigaction(FAULTS[i], &own, &previous[i]);
        }
    }

    ~FaultHandler() {
        for (size_t i = 0; i < std::size(FAULTS); i++) {
            sigaction(FAULTS[i], &previous[i], nullptr);
        }
    }
};

// Shared memory that ends where a page does, with a page behind it that cannot be touched.
class SharedMemory {
  public:
    explicit SharedMemory(size_t bytes) : bytes_(bytes) {
        size_t pages = (bytes + PAGE - 1) / PAGE * PAGE;
        span_ = pages + PAGE;
        base_ = static_cast<unsigned char*>(
            mmap(nullptr, span_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        mprotect(base_ + pages, PAGE, PROT_NONE);
        start_ = base_ + pages - (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        allowOnly(reinterpret_cast<uintptr_t>(start_), bytes, base_ + pages - start_, BEHIND_DYNAMIC_SHARED);
    }

    ~SharedMemory() {
        allowAll(reinterpret_cast<uintptr_t>(base_), span_);
        munmap(base_, span_);
    }

    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;

    // All bits set: a NaN, or a nonsensical index.
    unsigned char* fresh() {
        std::memset(start_, 0xff, bytes_);
        return start_;
    }

  private:
    static constexpr size_t PAGE = 4096;
    static constexpr size_t ALIGNMENT = 128;

    size_t bytes_;
    size_t span_;
    unsigned char* base_;
    unsigned char* start_;
};

// Those of all threads that a block may have.
struct Stacks {
    unsigned char* base;
    size_t bytes = MOST_THREADS * STACK;
    Stack each[MOST_THREADS] = {};

    Stacks() {
        base = static_cast<unsigned char*>(
            mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    }

    // What fibers were at when their launch failed, they do not go on with.
    void abandon() {
        for (Stack& stack : each) {
            stack.started = false;
        }
    }
};

Stacks& keptStacks() {
    static auto* stacks = new Stacks();
    return *stacks;
}

void runBlocks(const LaunchShape& shape, SharedMemory& shared) {
    openLaunch(shape);
    for (unsigned int z = 0; z < shape.grid.z && run->failure.empty(); z++) {
        for (unsigned int y = 0; y < shape.grid.y && run->failure.empty(); y++) {
            for (unsigned int x = 0; x < shape.grid.x && run->failure.empty(); x++) {
                openBlock({x, y, z}, shared.fresh());
                runBlock();
            }
        }
    }
}

}  // namespace

const Engine* engine() { return &ENGINE; }

std::string launchOnHost(const KernelEntry& kernel, const LaunchShape& shape, void* const* arguments, uint64_t seed) {
    size_t threads = size_t{shape.block.x} * shape.block.y * shape.block.z;
    SharedMemory shared(shape.sharedBytes);
    Stacks& stacks = keptStacks();
    auto made = std::make_unique<Run>();
    made->kernel = &kernel;
    made->arguments = arguments;
    made->fibers.resize(threads);
    made->warps.resize((threads + LANES - 1) / LANES);
    made->stacks = stacks.base;
    for (size_t number = 0; number < threads; number++) {
        made->fibers[number].stack = &stacks.each[number];
    }
    made->random.seed(static_cast<std::minstd_rand::result_type>(seed % 2147483646 + 1));
    run = made.get();
    {
        FaultHandler handler;
        int fault = sigsetjmp(made->rescue, 1);
        if (fault == 0) {
            runBlocks(shape, shared);
        } else {
            made->failure = where()
                + (fault == SIGILL ? ": does what C++ leaves undefined" : ": touches memory that it may not touch");
        }
    }
    if (!made->failure.empty()) {
        // Fibers that did not come to their end have left parts of their stacks forbidden.
        allowAll(reinterpret_cast<uintptr_t>(stacks.base), stacks.bytes);
        stacks.abandon();
    }
    run = nullptr;
    return made->failure;
}

}  // namespace standin
