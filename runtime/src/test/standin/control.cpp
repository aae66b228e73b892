#include "control.h"

#include "standin.h"

#include <cstdlib>
#include <cstring>

namespace standin {

constexpr size_t LOG_LIMIT = 1 << 17;

State& state() {
    // Never destroyed: threads of the JVM may call while the process ends.
    static State* const process = new State;
    return *process;
}

ThreadState& thisThread() {
    thread_local ThreadState thread;
    return thread;
}

void* newHandle() { return reinterpret_cast<void*>(0x3C0D'E000'0000 + 64 * ++state().counter); }

namespace {

std::string withoutVersion(const std::string& name) {
    size_t version = name.rfind("_v");
    bool versioned = version != std::string::npos && version + 2 < name.size()
        && name.find_first_not_of("0123456789", version + 2) == std::string::npos;
    std::string plain = versioned ? name.substr(0, version) : name;
    return plain == "cuGraphInstantiate" ? "cuGraphInstantiateWithFlags" : plain;
}

bool poisons(CUresult status) {
    switch (status) {
        case CUDA_ERROR_ILLEGAL_ADDRESS:
        case CUDA_ERROR_LAUNCH_TIMEOUT:
        case CUDA_ERROR_ASSERT:
        case CUDA_ERROR_HARDWARE_STACK_ERROR:
        case CUDA_ERROR_ILLEGAL_INSTRUCTION:
        case CUDA_ERROR_MISALIGNED_ADDRESS:
        case CUDA_ERROR_INVALID_ADDRESS_SPACE:
        case CUDA_ERROR_INVALID_PC:
        case CUDA_ERROR_LAUNCH_FAILED:
        case CUDA_ERROR_ECC_UNCORRECTABLE:
            return true;
        default:
            return false;
    }
}

void failWhereAskedTo(const char* name) {
    if (std::optional<CUresult> status = takeInjection(name)) {
        const auto& contexts = thisThread().contexts;
        if (poisons(*status) && !contexts.empty() && contexts.back()) {
            poison(*contexts.back(), *status, std::string("asked for, in ") + name);
        }
        fail(*status);
    }
}

size_t copyOut(const std::string& text, char* buffer, size_t size) {
    if (buffer != nullptr && size > 0) {
        size_t length = std::min(text.size(), size - 1);
        std::memcpy(buffer, text.data(), length);
        buffer[length] = 0;
    }
    return text.size() + 1;
}

}  // namespace

void poison(Context& context, CUresult status, const std::string& reason) {
    if (context.sticky == CUDA_SUCCESS) {
        context.sticky = status;
        context.reason = reason;
    }
    state().message = reason;
}

std::optional<CUresult> takeInjection(const char* name) {
    std::vector<Injection>& injections = state().injections;
    std::string plain = withoutVersion(name);
    for (auto each = injections.begin(); each != injections.end(); ++each) {
        if (each->function == plain && each->after-- == 0) {
            CUresult status = each->status;
            injections.erase(each);
            return status;
        }
    }
    return std::nullopt;
}

void log(const char* name, const std::string& arguments) {
    std::deque<std::string>& lines = state().log;
    if (lines.size() == LOG_LIMIT) {
        lines.pop_front();
    }
    lines.push_back(std::string(name) + "(" + arguments + ")");
}

CUresult enter(const char* name, Needs needs, const std::string& arguments) {
    State& process = state();
    log(name, arguments);
    failWhereAskedTo(name);
    if (needs == Needs::NOTHING) {
        return CUDA_SUCCESS;
    }
    require(process.initialised, CUDA_ERROR_NOT_INITIALIZED);
    if (needs == Needs::DRIVER) {
        return CUDA_SUCCESS;
    }
    CUresult sticky = current()->sticky;
    require(sticky == CUDA_SUCCESS || needs == Needs::CONTEXT_TO_FREE, sticky);
    return sticky;
}

}  // namespace standin

using namespace standin;

int standin_configure(int devices, size_t memory) {
    std::lock_guard<std::mutex> lock(state().mutex);
    if (state().initialised) {
        return 0;
    }
    state().deviceCount = devices;
    state().deviceMemory = memory;
    return 1;
}

void standin_seed(unsigned long long seed) {
    std::lock_guard<std::mutex> lock(state().mutex);
    state().seed = seed * 2 + 1;
}

void standin_fail_next(const char* function, int status, int after) {
    std::lock_guard<std::mutex> lock(state().mutex);
    state().injections.push_back({withoutVersion(function), static_cast<CUresult>(status), after});
}

void standin_fail_none() {
    std::lock_guard<std::mutex> lock(state().mutex);
    state().injections.clear();
}

long standin_live(const char* kind) {
    static const std::map<std::string, Origin> memory = {
        {"memory", Origin::DEVICE}, {"pinned", Origin::PINNED}, {"registered", Origin::REGISTERED}};
    static const std::set<std::string> objects = {
        "context", "stream", "event", "pool", "module", "library", "graph", "graphExec"};
    std::lock_guard<std::mutex> lock(state().mutex);
    long count = 0;
    auto origin = memory.find(kind);
    if (origin != memory.end()) {
        for (const auto& each : state().allocations) {
            const Allocation& found = *each.second;
            bool pooled = origin->second == Origin::DEVICE && found.origin == Origin::POOL;
            count += found.origin == origin->second || pooled;
        }
        return count;
    }
    auto counted = state().counts.find(kind);
    if (counted != state().counts.end()) {
        return counted->second;
    }
    if (objects.count(kind) == 0) {
        return -1;
    }
    for (const auto& each : state().objects) {
        const char* found = each.second->kind();
        count += found != nullptr && std::strcmp(found, kind) == 0;
    }
    return count;
}

size_t standin_log(char* buffer, size_t size) {
    std::lock_guard<std::mutex> lock(state().mutex);
    std::string text;
    for (const std::string& line : state().log) {
        text += line;
        text += '\n';
    }
    return copyOut(text, buffer, size);
}

void standin_log_clear() {
    std::lock_guard<std::mutex> lock(state().mutex);
    state().log.clear();
}

size_t standin_message(char* buffer, size_t size) {
    std::lock_guard<std::mutex> lock(state().mutex);
    return copyOut(state().message, buffer, size);
}
