// The capture of streams into graphs, and what is forbidden meanwhile.
#include "graph.h"

#include <algorithm>

namespace standin {

void forbidUnsafeDuringCapture() {
    CUstreamCaptureMode mode = thisThread().captureMode;
    if (mode == CU_STREAM_CAPTURE_MODE_RELAXED) {
        return;
    }
    for (const auto& capture : state().captures) {
        bool mine = capture->thread == std::this_thread::get_id() && capture->mode != CU_STREAM_CAPTURE_MODE_RELAXED;
        bool everybodys = capture->mode == CU_STREAM_CAPTURE_MODE_GLOBAL && mode == CU_STREAM_CAPTURE_MODE_GLOBAL;
        if (mine || everybodys) {
            capture->invalidated = true;
            fail(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
        }
    }
}

namespace {

void begin(CUstream handle, CUstreamCaptureMode mode) {
    require(mode >= CU_STREAM_CAPTURE_MODE_GLOBAL && mode <= CU_STREAM_CAPTURE_MODE_RELAXED);
    std::shared_ptr<Stream> origin = stream(handle);
    require(!origin->legacy, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    require(!origin->capture, CUDA_ERROR_ILLEGAL_STATE);
    auto capture = std::make_shared<Capture>();
    capture->mode = mode;
    capture->thread = std::this_thread::get_id();
    capture->origin = origin.get();
    capture->context = origin->context;
    capture->graph = std::make_shared<Graph>();
    capture->graph->capturing = true;
    add(capture->graph);
    capture->id = state().counter;
    origin->capture = capture;
    origin->dependencies.clear();
    state().captures.push_back(capture);
}

// Whether all work of the capture comes before what the stream would do next.
bool joined(const Graph& graph, const Stream& origin) {
    std::set<const Node*> before;
    std::vector<Node*> open = origin.dependencies;
    while (!open.empty()) {
        Node* node = open.back();
        open.pop_back();
        if (before.insert(node).second) {
            open.insert(open.end(), node->dependencies.begin(), node->dependencies.end());
        }
    }
    return before.size() == graph.nodes.size();
}

CUgraph end(CUstream handle) {
    std::shared_ptr<Stream> origin = stream(handle);
    std::shared_ptr<Capture> capture = origin->capture;
    require(capture != nullptr, CUDA_ERROR_ILLEGAL_STATE);
    if (capture->origin != origin.get()) {
        capture->invalidated = true;
        fail(CUDA_ERROR_STREAM_CAPTURE_UNMATCHED);
    }
    bool anyThread = capture->mode == CU_STREAM_CAPTURE_MODE_RELAXED;
    require(anyThread || capture->thread == std::this_thread::get_id(), CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD);
    CUresult status = capture->invalidated                 ? CUDA_ERROR_STREAM_CAPTURE_INVALIDATED
                      : !joined(*capture->graph, *origin) ? CUDA_ERROR_STREAM_CAPTURE_UNJOINED
                                                           : CUDA_SUCCESS;
    abandon(capture);
    if (status != CUDA_SUCCESS) {
        forgetGraph(*capture->graph);
        fail(status);
    }
    capture->graph->capturing = false;
    return handleAs<CUgraph>(capture->graph->handle);
}

// A call that fails in the capture's own thread ends it none the less, also where a test asked for the failure.
void endAfterFailure(CUstream handle) {
    std::lock_guard<std::mutex> lock(state().mutex);
    const auto captures = state().captures;
    for (const auto& capture : captures) {
        if (capture->origin->handle == handle && capture->thread == std::this_thread::get_id()) {
            abandon(capture);
            forgetGraph(*capture->graph);
        }
    }
}

CUstreamCaptureStatus statusOf(const Stream& stream) {
    if (stream.legacy) {
        forbidLegacyDuringCapture(*stream.context, false);
    }
    return !stream.capture                ? CU_STREAM_CAPTURE_STATUS_NONE
           : stream.capture->invalidated ? CU_STREAM_CAPTURE_STATUS_INVALIDATED
                                          : CU_STREAM_CAPTURE_STATUS_ACTIVE;
}

}  // namespace

void forbidLegacyDuringCapture(const Context& context, bool invalidate) {
    std::shared_ptr<Capture> found;
    forEachStream([&](Stream& stream) {
        bool blocking = (stream.flags & CU_STREAM_NON_BLOCKING) == 0;
        if (stream.capture && blocking && stream.context.get() == &context) {
            found = stream.capture;
        }
    });
    if (found) {
        found->invalidated = found->invalidated || invalidate;
        fail(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT);
    }
}

void synchronousCall() {
    forbidLegacyDuringCapture(*current());
    forbidUnsafeDuringCapture();
}

void abandon(const std::shared_ptr<Capture>& capture) {
    forEachStream([&](Stream& stream) {
        if (stream.capture == capture) {
            stream.capture.reset();
            stream.dependencies.clear();
        }
    });
    auto& captures = state().captures;
    captures.erase(std::remove(captures.begin(), captures.end(), capture), captures.end());
}

}  // namespace standin

using namespace standin;

CUresult CUDAAPI cuStreamBeginCapture(CUstream handle, CUstreamCaptureMode mode) {
    return call("cuStreamBeginCapture", Needs::CONTEXT, ARGS(handle, mode), [&] { begin(handle, mode); });
}

CUresult CUDAAPI cuStreamEndCapture(CUstream handle, CUgraph* out) {
    CUresult status = call("cuStreamEndCapture", Needs::CONTEXT, ARGS(handle, out), [&] {
        require(out != nullptr);
        *out = nullptr;
        *out = end(handle);
    });
    if (status != CUDA_SUCCESS) {
        endAfterFailure(handle);
    }
    return status;
}

CUresult CUDAAPI cuStreamIsCapturing(CUstream handle, CUstreamCaptureStatus* status) {
    return call("cuStreamIsCapturing", Needs::CONTEXT, ARGS(handle, status), [&] {
        require(status != nullptr);
        *status = statusOf(*stream(handle));
    });
}

CUresult CUDAAPI cuStreamGetCaptureInfo(CUstream handle, CUstreamCaptureStatus* status, cuuint64_t* id, CUgraph* graph,
                                        const CUgraphNode** dependencies, const CUgraphEdgeData** edges,
                                        size_t* count) {
    return call("cuStreamGetCaptureInfo", Needs::CONTEXT, ARGS(handle, status, id, graph, dependencies, edges, count),
                [&] {
                    require(status != nullptr);
                    std::shared_ptr<Stream> found = stream(handle);
                    *status = statusOf(*found);
                    if (*status != CU_STREAM_CAPTURE_STATUS_ACTIVE) {
                        return;
                    }
                    if (id != nullptr) {
                        *id = found->capture->id;
                    }
                    if (graph != nullptr) {
                        *graph = handleAs<CUgraph>(found->capture->graph->handle);
                    }
                    thread_local std::vector<CUgraphNode> nodes;
                    nodes.clear();
                    for (Node* node : found->dependencies) {
                        nodes.push_back(handleAs<CUgraphNode>(node->handle));
                    }
                    if (dependencies != nullptr) {
                        *dependencies = nodes.data();
                    }
                    if (edges != nullptr) {
                        *edges = nullptr;
                    }
                    if (count != nullptr) {
                        *count = nodes.size();
                    }
                });
}

CUresult CUDAAPI cuThreadExchangeStreamCaptureMode(CUstreamCaptureMode* mode) {
    return call("cuThreadExchangeStreamCaptureMode", Needs::DRIVER, ARGS(mode), [&] {
        require(mode != nullptr && *mode >= CU_STREAM_CAPTURE_MODE_GLOBAL && *mode <= CU_STREAM_CAPTURE_MODE_RELAXED);
        std::swap(*mode, thisThread().captureMode);
    });
}
