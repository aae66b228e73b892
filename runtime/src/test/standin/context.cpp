// Contexts: a primary one for each device, and others; a stack of them for each thread.
#include "graph.h"

namespace standin {

namespace {

std::shared_ptr<Context> create(int ordinal, unsigned int flags) {
    auto made = std::make_shared<Context>();
    made->device = ordinal;
    made->flags = flags;
    add(made);
    made->id = state().counter;
    for (std::shared_ptr<Stream>* stream : {&made->legacyStream, &made->perThreadStream}) {
        *stream = std::make_shared<Stream>();
        (*stream)->context = made;
        (*stream)->id = ++state().counter;
    }
    made->legacyStream->legacy = true;
    return made;
}

// Everything in a context goes with it.
void destroy(const std::shared_ptr<Context>& context) {
    for (const auto& capture : std::vector(state().captures)) {
        if (capture->context == context) {
            abandon(capture);
            forgetGraph(*capture->graph);
        }
    }
    auto& objects = state().objects;
    for (auto each = objects.begin(); each != objects.end();) {
        each = each->second->context == context ? objects.erase(each) : std::next(each);
    }
    freeAllocationsOf(*context);
    context->destroyed = true;
    context->legacyStream.reset();
    context->perThreadStream.reset();
    remove(*context);
}

std::shared_ptr<Context>* top() {
    auto& contexts = thisThread().contexts;
    return contexts.empty() ? nullptr : &contexts.back();
}

void destroyPrimary(Device& device) {
    if (device.primary) {
        destroy(device.primary);
        device.primary.reset();
    }
    device.retained = 0;
}

bool validFlags(unsigned int flags) {
    unsigned int scheduling = flags & CU_CTX_SCHED_MASK;
    bool oneOf = scheduling == CU_CTX_SCHED_AUTO || scheduling == CU_CTX_SCHED_SPIN
        || scheduling == CU_CTX_SCHED_YIELD || scheduling == CU_CTX_SCHED_BLOCKING_SYNC;
    return oneOf && (flags & ~CU_CTX_FLAGS_MASK) == 0;
}

}  // namespace

std::shared_ptr<Context> current() {
    std::shared_ptr<Context>* found = top();
    require(found != nullptr && *found != nullptr, CUDA_ERROR_INVALID_CONTEXT);
    require(!(*found)->destroyed, CUDA_ERROR_CONTEXT_IS_DESTROYED);
    return *found;
}

std::shared_ptr<Context> context(CUcontext handle) { return find<Context>(handle, CUDA_ERROR_INVALID_CONTEXT); }

namespace {

void synchronise(const Context& context) {
    forbidUnsafeDuringCapture();
    for (const auto& capture : state().captures) {
        if (capture->context.get() == &context) {
            capture->invalidated = true;
            fail(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
        }
    }
    drainAll(context);
    releaseUnused(context);
}

}  // namespace

}  // namespace standin

using namespace standin;

CUresult CUDAAPI cuDevicePrimaryCtxRetain(CUcontext* out, CUdevice ordinal) {
    return call("cuDevicePrimaryCtxRetain", Needs::DRIVER, ARGS(out, ordinal), [&] {
        Device& found = device(ordinal);
        require(out != nullptr);
        if (!found.primary) {
            found.primary = create(ordinal, found.flags);
            found.primary->primary = true;
        }
        found.retained++;
        *out = handleAs<CUcontext>(found.primary->handle);
    });
}

CUresult CUDAAPI cuDevicePrimaryCtxRelease(CUdevice ordinal) {
    return call("cuDevicePrimaryCtxRelease", Needs::DRIVER, ARGS(ordinal), [&] {
        Device& found = device(ordinal);
        require(found.retained > 0, CUDA_ERROR_INVALID_CONTEXT);
        if (--found.retained == 0) {
            destroyPrimary(found);
        }
    });
}

CUresult CUDAAPI cuDevicePrimaryCtxSetFlags(CUdevice ordinal, unsigned int flags) {
    return call("cuDevicePrimaryCtxSetFlags", Needs::DRIVER, ARGS(ordinal, flags), [&] {
        Device& found = device(ordinal);
        require(validFlags(flags));
        found.flags = flags;
        if (found.primary) {
            found.primary->flags = flags;
        }
    });
}

CUresult CUDAAPI cuDevicePrimaryCtxGetState(CUdevice ordinal, unsigned int* flags, int* active) {
    return call("cuDevicePrimaryCtxGetState", Needs::DRIVER, ARGS(ordinal, flags, active), [&] {
        Device& found = device(ordinal);
        require(flags != nullptr && active != nullptr);
        *flags = found.flags;
        *active = found.primary != nullptr;
    });
}

CUresult CUDAAPI cuDevicePrimaryCtxReset(CUdevice ordinal) {
    return call("cuDevicePrimaryCtxReset", Needs::DRIVER, ARGS(ordinal), [&] { destroyPrimary(device(ordinal)); });
}

CUresult CUDAAPI cuCtxCreate(CUcontext* out, CUctxCreateParams* parameters, unsigned int flags, CUdevice ordinal) {
    return call("cuCtxCreate", Needs::DRIVER, ARGS(out, parameters, flags, ordinal), [&] {
        device(ordinal);
        require(out != nullptr && validFlags(flags));
        require(parameters == nullptr, CUDA_ERROR_NOT_SUPPORTED);
        std::shared_ptr<Context> made = create(ordinal, flags);
        thisThread().contexts.push_back(made);
        *out = handleAs<CUcontext>(made->handle);
    });
}

CUresult CUDAAPI cuCtxDestroy(CUcontext handle) {
    return call("cuCtxDestroy", Needs::DRIVER, ARGS(handle), [&] {
        std::shared_ptr<Context> found = context(handle);
        require(!found->primary, CUDA_ERROR_INVALID_CONTEXT);
        destroy(found);
        std::shared_ptr<Context>* mine = top();
        if (mine != nullptr && *mine == found) {
            thisThread().contexts.pop_back();
        }
    });
}

CUresult CUDAAPI cuCtxSetCurrent(CUcontext handle) {
    return call("cuCtxSetCurrent", Needs::DRIVER, ARGS(handle), [&] {
        std::shared_ptr<Context> wanted = handle == nullptr ? nullptr : context(handle);
        auto& contexts = thisThread().contexts;
        if (!contexts.empty()) {
            contexts.pop_back();
        }
        if (wanted) {
            contexts.push_back(wanted);
        }
    });
}

CUresult CUDAAPI cuCtxGetCurrent(CUcontext* out) {
    return call("cuCtxGetCurrent", Needs::DRIVER, ARGS(out), [&] {
        require(out != nullptr);
        std::shared_ptr<Context>* mine = top();
        require(mine == nullptr || !(*mine)->destroyed, CUDA_ERROR_CONTEXT_IS_DESTROYED);
        *out = mine == nullptr ? nullptr : handleAs<CUcontext>((*mine)->handle);
    });
}

CUresult CUDAAPI cuCtxPushCurrent(CUcontext handle) {
    return call("cuCtxPushCurrent", Needs::DRIVER, ARGS(handle), [&] {
        thisThread().contexts.push_back(context(handle));
    });
}

CUresult CUDAAPI cuCtxPopCurrent(CUcontext* out) {
    return call("cuCtxPopCurrent", Needs::DRIVER, ARGS(out), [&] {
        std::shared_ptr<Context>* mine = top();
        require(mine != nullptr, CUDA_ERROR_INVALID_CONTEXT);
        if (out != nullptr) {
            *out = handleAs<CUcontext>((*mine)->handle);
        }
        thisThread().contexts.pop_back();
    });
}

CUresult CUDAAPI cuCtxGetDevice(CUdevice* out) {
    return call("cuCtxGetDevice", Needs::DRIVER, ARGS(out), [&] {
        require(out != nullptr);
        *out = current()->device;
    });
}

CUresult CUDAAPI cuCtxGetDevice_v2(CUdevice* out, CUcontext handle) {
    return call("cuCtxGetDevice_v2", Needs::DRIVER, ARGS(out, handle), [&] {
        require(out != nullptr);
        *out = (handle == nullptr ? current() : context(handle))->device;
    });
}

CUresult CUDAAPI cuCtxGetFlags(unsigned int* flags) {
    return call("cuCtxGetFlags", Needs::CONTEXT, ARGS(flags), [&] {
        require(flags != nullptr);
        *flags = current()->flags;
    });
}

CUresult CUDAAPI cuCtxGetId(CUcontext handle, unsigned long long* id) {
    return call("cuCtxGetId", Needs::DRIVER, ARGS(handle, id), [&] {
        require(id != nullptr);
        *id = (handle == nullptr ? current() : context(handle))->id;
    });
}

CUresult CUDAAPI cuCtxGetApiVersion(CUcontext handle, unsigned int* version) {
    return call("cuCtxGetApiVersion", Needs::DRIVER, ARGS(handle, version), [&] {
        require(version != nullptr);
        handle == nullptr ? current() : context(handle);
        *version = 3020;
    });
}

CUresult CUDAAPI cuCtxSynchronize(void) {
    return call("cuCtxSynchronize", Needs::CONTEXT, ARGS(), [&] { synchronise(*current()); });
}

CUresult CUDAAPI cuCtxSynchronize_v2(CUcontext handle) {
    return call("cuCtxSynchronize_v2", Needs::DRIVER, ARGS(handle), [&] {
        std::shared_ptr<Context> found = handle == nullptr ? current() : context(handle);
        require(found->sticky == CUDA_SUCCESS, found->sticky);
        synchronise(*found);
    });
}

CUresult CUDAAPI cuCtxGetStreamPriorityRange(int* least, int* greatest) {
    return call("cuCtxGetStreamPriorityRange", Needs::CONTEXT, ARGS(least, greatest), [&] {
        if (least != nullptr) {
            *least = LEAST_PRIORITY;
        }
        if (greatest != nullptr) {
            *greatest = GREATEST_PRIORITY;
        }
    });
}

CUresult CUDAAPI cuCtxSetLimit(CUlimit limit, size_t value) {
    return call("cuCtxSetLimit", Needs::CONTEXT, ARGS(limit, value), [&] {
        require(limit >= 0 && limit < CU_LIMIT_MAX);
        current()->limits[limit] = value;
    });
}

CUresult CUDAAPI cuCtxGetLimit(size_t* value, CUlimit limit) {
    return call("cuCtxGetLimit", Needs::CONTEXT, ARGS(value, limit), [&] {
        require(value != nullptr && limit >= 0 && limit < CU_LIMIT_MAX);
        const auto& limits = current()->limits;
        auto found = limits.find(limit);
        *value = found != limits.end() ? found->second : limit == CU_LIMIT_STACK_SIZE ? 1024 : 0;
    });
}

CUresult CUDAAPI cuCtxEnablePeerAccess(CUcontext peer, unsigned int flags) {
    return call("cuCtxEnablePeerAccess", Needs::CONTEXT, ARGS(peer, flags), [&] {
        require(flags == 0);
        context(peer);
        fail(CUDA_ERROR_PEER_ACCESS_UNSUPPORTED);
    });
}
