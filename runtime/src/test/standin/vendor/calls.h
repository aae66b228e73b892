// Into and out of a call of a library, and the objects behind its handles, as in the stand-in for the driver.
#pragma once

#include "../library.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace standin {

// A call that the library refuses, and why.
struct Refusal {
    int status;
    std::string reason;
};

inline void require(bool condition, int otherwise, const std::string& reason) {
    if (!condition) {
        throw Refusal{otherwise, reason};
    }
}

struct VendorObject {
    virtual ~VendorObject() = default;
    virtual const char* kind() const = 0;  // the name under which live ones are counted
};

// All objects of one library. Handles are numbers that no memory lies at, so that a stale or foreign one is found out.
class Objects {
  public:
    template <class H>
    H add(std::shared_ptr<VendorObject> object) {
        void* handle = standin_new_handle();
        standin_count(object->kind(), 1);
        objects_[handle] = std::move(object);
        return reinterpret_cast<H>(handle);
    }

    template <class T>
    std::shared_ptr<T> find(const void* handle, int otherwise) const {
        auto found = objects_.find(handle);
        auto object = found == objects_.end() ? nullptr : std::dynamic_pointer_cast<T>(found->second);
        require(object != nullptr, otherwise, "a handle is none, or is that of something else or something destroyed");
        return object;
    }

    template <class T>
    void remove(const void* handle, int otherwise) {
        standin_count(find<T>(handle, otherwise)->kind(), -1);
        objects_.erase(handle);
    }

  private:
    std::map<const void*, std::shared_ptr<VendorObject>> objects_;
};

template <class... A>
std::string joined(const char* between, const A&... parts) {
    std::ostringstream out;
    [[maybe_unused]] const char* separator = "";
    ((out << separator << parts, separator = between), ...);
    return out.str();
}

// Arguments, as the log has them.
template <class... A>
std::string listed(const A&... arguments) {
    return joined(", ", arguments...);
}

// A sentence.
template <class... A>
std::string text(const A&... words) {
    return joined(" ", words...);
}

std::mutex& callMutex();
// Where the library keeps what it has to say of a call that it refused.
void keepReason(const std::string& reason);

// Runs one call: one at a time, logged, and refused where a test asked for that. Status 0 is success in both libraries.
template <class Status, class Body>
Status call(const char* name, const std::string& arguments, Body body) {
    std::lock_guard<std::mutex> lock(callMutex());
    if (int asked = standin_enter(name, arguments.c_str())) {
        keepReason("asked for by a test");
        return static_cast<Status>(asked);
    }
    try {
        body();
        return static_cast<Status>(0);
    } catch (const Refusal& refusal) {
        keepReason(refusal.reason);
        standin_explain((std::string(name) + ": " + refusal.reason).c_str());
        return static_cast<Status>(refusal.status);
    }
}

// Hands work to a stream: a function object that returns what went wrong, or null.
template <class Work>
void submit(CUstream stream, const char* name, const std::vector<StandinMemory>& memory, Work work, int otherwise) {
    StandinWork handed = {name, memory.data(), memory.size(),
                          [](void* data) -> const char* { return (*static_cast<Work*>(data))(); },
                          [](void* data) { delete static_cast<Work*>(data); }, new Work(std::move(work))};
    CUresult status = standin_submit(stream, &handed);
    require(status == CUDA_SUCCESS, otherwise,
            status == CUDA_ERROR_INVALID_HANDLE
                ? "the stream is none, or not of the current context"
                : "the driver refused the work with status " + std::to_string(static_cast<int>(status)));
}

}  // namespace standin
