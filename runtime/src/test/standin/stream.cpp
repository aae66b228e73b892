// Streams and events.
#include "graph.h"

#include <algorithm>

namespace standin {

std::shared_ptr<Stream> stream(CUstream handle) {
    if (handle == nullptr || handle == CU_STREAM_LEGACY) {
        return current()->legacyStream;
    }
    if (handle == CU_STREAM_PER_THREAD) {
        return current()->perThreadStream;
    }
    return find<Stream>(handle);
}

namespace {

// Waiting for a capture, or asking whether it is done, makes no sense and ends it.
void observe(const std::shared_ptr<Stream>& stream) {
    if (stream->capture) {
        stream->capture->invalidated = true;
        fail(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    }
    if (stream->legacy) {
        forbidLegacyDuringCapture(*stream->context);
    }
    forbidUnsafeDuringCapture();
    require(stream->context->sticky == CUDA_SUCCESS, stream->context->sticky);
}

void observe(const std::shared_ptr<Event>& event) {
    if (event->capture) {
        event->capture->invalidated = true;
        fail(CUDA_ERROR_CAPTURED_EVENT);
    }
    forbidUnsafeDuringCapture();
    require(event->context->sticky == CUDA_SUCCESS, event->context->sticky);
}

bool active(const std::shared_ptr<Capture>& capture) {
    const auto& captures = state().captures;
    return std::find(captures.begin(), captures.end(), capture) != captures.end();
}

void create(CUstream* out, unsigned int flags, int priority) {
    require(out != nullptr && (flags & ~CU_STREAM_NON_BLOCKING) == 0);
    auto made = std::make_shared<Stream>();
    made->context = current();
    made->flags = flags;
    made->priority = std::clamp(priority, GREATEST_PRIORITY, LEAST_PRIORITY);
    *out = handleAs<CUstream>(add(made));
    made->id = state().counter;
}

void record(CUevent eventHandle, CUstream streamHandle, unsigned int flags) {
    require((flags & ~CU_EVENT_RECORD_EXTERNAL) == 0);
    auto event = find<Event>(eventHandle);
    std::shared_ptr<Stream> where = stream(streamHandle);
    require(event->context == where->context, CUDA_ERROR_INVALID_HANDLE);
    if (flags == CU_EVENT_RECORD_EXTERNAL) {
        require(where->capture != nullptr);
    }
    if (flags == CU_EVENT_RECORD_EXTERNAL) {
        submit(*where, RecordWork{event});
        return;
    }
    if (!where->capture) {
        if (where->legacy) {
            forbidLegacyDuringCapture(*where->context);
        }
        event->last = mark(where);
        event->capture.reset();
        event->dependencies.clear();
        return;
    }
    require(!where->capture->invalidated, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
    event->capture = where->capture;
    event->dependencies = where->dependencies;
}

void joinCapture(Stream& stream, const Event& event) {
    require(active(event.capture), CUDA_ERROR_CAPTURED_EVENT);
    require(!event.capture->invalidated, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
    require(!stream.legacy, CUDA_ERROR_STREAM_CAPTURE_IMPLICIT);
    if (stream.capture && stream.capture != event.capture) {
        stream.capture->invalidated = true;
        event.capture->invalidated = true;
        fail(CUDA_ERROR_STREAM_CAPTURE_MERGE);
    }
    stream.capture = event.capture;
    for (Node* node : event.dependencies) {
        auto& known = stream.dependencies;
        if (std::find(known.begin(), known.end(), node) == known.end()) {
            known.push_back(node);
        }
    }
}

void wait(Stream& stream, const std::shared_ptr<Event>& event, unsigned int flags) {
    require((flags & ~CU_EVENT_WAIT_EXTERNAL) == 0);
    if (flags == CU_EVENT_WAIT_EXTERNAL) {
        require(stream.capture != nullptr);
        submit(stream, WaitWork{event});
    } else if (event->capture) {
        joinCapture(stream, *event);
    } else if (stream.capture && event->last) {
        stream.capture->invalidated = true;
        fail(CUDA_ERROR_STREAM_CAPTURE_ISOLATION);
    } else if (stream.legacy) {
        forbidLegacyDuringCapture(*stream.context);
        enqueue(stream, {[] {}, event->last});
    } else if (event->last) {
        enqueue(stream, {[] {}, event->last});
    }
}

void elapsedTime(float* milliseconds, CUevent begin, CUevent end) {
    require(milliseconds != nullptr);
    auto from = find<Event>(begin);
    auto to = find<Event>(end);
    for (const auto& event : {from, to}) {
        bool timed = event->last && !event->capture && (event->flags & CU_EVENT_DISABLE_TIMING) == 0;
        require(timed && event->context->device == from->context->device, CUDA_ERROR_INVALID_HANDLE);
    }
    require(from->last->reached && to->last->reached, CUDA_ERROR_NOT_READY);
    *milliseconds = std::chrono::duration<float, std::milli>(to->last->time - from->last->time).count();
}

}  // namespace

}  // namespace standin

using namespace standin;

CUresult CUDAAPI cuStreamCreate(CUstream* out, unsigned int flags) {
    return call("cuStreamCreate", Needs::CONTEXT, ARGS(out, flags), [&] { create(out, flags, 0); });
}

CUresult CUDAAPI cuStreamCreateWithPriority(CUstream* out, unsigned int flags, int priority) {
    return call("cuStreamCreateWithPriority", Needs::CONTEXT, ARGS(out, flags, priority), [&] {
        create(out, flags, priority);
    });
}

CUresult CUDAAPI cuStreamDestroy(CUstream handle) {
    return call("cuStreamDestroy", Needs::CONTEXT_TO_FREE, ARGS(handle), [&] {
        auto found = find<Stream>(handle);
        if (std::shared_ptr<Capture> capture = found->capture) {
            capture->invalidated = true;
            if (capture->origin == found.get()) {
                abandon(capture);
                forgetGraph(*capture->graph);
            }
        }
        drain(*found);
        remove(*found);
    });
}

CUresult CUDAAPI cuStreamGetPriority(CUstream handle, int* priority) {
    return call("cuStreamGetPriority", Needs::CONTEXT, ARGS(handle, priority), [&] {
        require(priority != nullptr);
        *priority = stream(handle)->priority;
    });
}

CUresult CUDAAPI cuStreamGetFlags(CUstream handle, unsigned int* flags) {
    return call("cuStreamGetFlags", Needs::CONTEXT, ARGS(handle, flags), [&] {
        require(flags != nullptr);
        *flags = stream(handle)->flags;
    });
}

CUresult CUDAAPI cuStreamGetId(CUstream handle, unsigned long long* id) {
    return call("cuStreamGetId", Needs::CONTEXT, ARGS(handle, id), [&] {
        require(id != nullptr);
        *id = stream(handle)->id;
    });
}

CUresult CUDAAPI cuStreamGetDevice(CUstream handle, CUdevice* out) {
    return call("cuStreamGetDevice", Needs::CONTEXT, ARGS(handle, out), [&] {
        require(out != nullptr);
        *out = stream(handle)->context->device;
    });
}

CUresult CUDAAPI cuStreamGetCtx(CUstream handle, CUcontext* out) {
    return call("cuStreamGetCtx", Needs::CONTEXT, ARGS(handle, out), [&] {
        require(out != nullptr);
        *out = handleAs<CUcontext>(stream(handle)->context->handle);
    });
}

CUresult CUDAAPI cuStreamGetCtx_v2(CUstream handle, CUcontext* out, CUgreenCtx* green) {
    return call("cuStreamGetCtx_v2", Needs::CONTEXT, ARGS(handle, out, green), [&] {
        require(out != nullptr);
        *out = handleAs<CUcontext>(stream(handle)->context->handle);
        if (green != nullptr) {
            *green = nullptr;
        }
    });
}

CUresult CUDAAPI cuStreamQuery(CUstream handle) {
    return call("cuStreamQuery", Needs::CONTEXT, ARGS(handle), [&] {
        std::shared_ptr<Stream> found = stream(handle);
        observe(found);
        step(*found);
        require(found->context->sticky == CUDA_SUCCESS, found->context->sticky);
        require(found->tasks.empty(), CUDA_ERROR_NOT_READY);
    });
}

CUresult CUDAAPI cuStreamSynchronize(CUstream handle) {
    return call("cuStreamSynchronize", Needs::CONTEXT, ARGS(handle), [&] {
        std::shared_ptr<Stream> found = stream(handle);
        observe(found);
        drain(*found);
        releaseUnused(*found->context);
    });
}

CUresult CUDAAPI cuStreamWaitEvent(CUstream handle, CUevent event, unsigned int flags) {
    return call("cuStreamWaitEvent", Needs::CONTEXT, ARGS(handle, event, flags), [&] {
        auto awaited = find<Event>(event);
        wait(*stream(handle), awaited, flags);
    });
}

CUresult CUDAAPI cuEventCreate(CUevent* out, unsigned int flags) {
    return call("cuEventCreate", Needs::CONTEXT, ARGS(out, flags), [&] {
        unsigned int known = CU_EVENT_BLOCKING_SYNC | CU_EVENT_DISABLE_TIMING | CU_EVENT_INTERPROCESS;
        require(out != nullptr && (flags & ~known) == 0);
        require((flags & CU_EVENT_INTERPROCESS) == 0 || (flags & CU_EVENT_DISABLE_TIMING) != 0);
        auto made = std::make_shared<Event>();
        made->context = current();
        made->flags = flags;
        *out = handleAs<CUevent>(add(made));
    });
}

CUresult CUDAAPI cuEventRecord(CUevent event, CUstream handle) {
    return call("cuEventRecord", Needs::CONTEXT, ARGS(event, handle), [&] { record(event, handle, 0); });
}

CUresult CUDAAPI cuEventRecordWithFlags(CUevent event, CUstream handle, unsigned int flags) {
    return call("cuEventRecordWithFlags", Needs::CONTEXT, ARGS(event, handle, flags), [&] {
        record(event, handle, flags);
    });
}

CUresult CUDAAPI cuEventQuery(CUevent event) {
    return call("cuEventQuery", Needs::CONTEXT, ARGS(event), [&] {
        auto found = find<Event>(event);
        observe(found);
        std::shared_ptr<Stream> where = found->last ? found->last->stream.lock() : nullptr;
        if (where && !found->last->reached) {
            step(*where);
        }
        require(found->context->sticky == CUDA_SUCCESS, found->context->sticky);
        require(!where || found->last->reached, CUDA_ERROR_NOT_READY);
    });
}

CUresult CUDAAPI cuEventSynchronize(CUevent event) {
    return call("cuEventSynchronize", Needs::CONTEXT, ARGS(event), [&] {
        auto found = find<Event>(event);
        observe(found);
        if (found->last) {
            await(*found->last);
        }
        releaseUnused(*found->context);
    });
}

CUresult CUDAAPI cuEventDestroy(CUevent event) {
    return call("cuEventDestroy", Needs::CONTEXT_TO_FREE, ARGS(event), [&] { remove(*find<Event>(event)); });
}

CUresult CUDAAPI cuEventElapsedTime(float* milliseconds, CUevent begin, CUevent end) {
    return call("cuEventElapsedTime", Needs::CONTEXT, ARGS(milliseconds, begin, end), [&] {
        elapsedTime(milliseconds, begin, end);
    });
}

// What drivers before CUDA 12.8 have, and later ones still do.
#undef cuEventElapsedTime
extern "C" __attribute__((visibility("default"))) CUresult CUDAAPI cuEventElapsedTime(float* milliseconds, CUevent begin,
                                                                                    CUevent end) {
    return call("cuEventElapsedTime", Needs::CONTEXT, ARGS(milliseconds, begin, end), [&] {
        elapsedTime(milliseconds, begin, end);
    });
}
