// What each kind of work does, and how it enters a stream.
#include "graph.h"

#include <algorithm>
#include <cstring>

namespace standin {

namespace {

template <class... F>
struct Cases : F... {
    using F::operator()...;
};
template <class... F>
Cases(F...) -> Cases<F...>;

void fill(const FillWork& work) {
    switch (work.width) {
        case 1:
            std::memset(reinterpret_cast<void*>(work.to), static_cast<int>(work.value), work.count);
            break;
        case 2:
            std::fill_n(reinterpret_cast<uint16_t*>(work.to), work.count, static_cast<uint16_t>(work.value));
            break;
        default:
            std::fill_n(reinterpret_cast<uint32_t*>(work.to), work.count, work.value);
    }
}

// Host functions run while other threads may call the API; they themselves may not.
void callHost(const HostWork& work) {
    state().mutex.unlock();
    thisThread().inHostFunction = true;
    work.function(work.argument);
    thisThread().inHostFunction = false;
    state().mutex.lock();
}

}  // namespace

void check(const Work& work, const Context& context, bool capturing) {
    std::visit(Cases{
                   [&](const KernelWork& kernel) { checkLaunch(kernel, context, capturing); },
                   [&](const CopyWork& copy) {
                       checkRange(copy.to, copy.bytes, copy.toSide, capturing);
                       checkRange(copy.from, copy.bytes, copy.fromSide, capturing);
                   },
                   [&](const FillWork& fill) {
                       require(fill.count <= SIZE_MAX / fill.width);
                       checkRange(fill.to, fill.count * fill.width, Side::DEVICE, capturing);
                   },
                   [](const auto&) {},
               },
               work);
}

void execute(const Work& work, Context& context) {
    if (context.sticky != CUDA_SUCCESS) {
        return;
    }
    std::visit(Cases{
                   [](const EmptyWork&) {},
                   [&](const KernelWork& kernel) { launch(kernel, context); },
                   [](const CopyWork& copy) {
                       std::memmove(reinterpret_cast<void*>(copy.to), reinterpret_cast<void*>(copy.from), copy.bytes);
                   },
                   [](const FillWork& each) { fill(each); },
                   [](const HostWork& host) { callHost(host); },
                   [](const RecordWork& record) {
                       record.event->recorded = true;
                       record.event->time = std::chrono::steady_clock::now();
                       record.event->capture.reset();
                       record.event->dependencies.clear();
                   },
                   [](const WaitWork&) {},
                   [](const AllocateWork& allocate) { setLive(*allocate.allocation, true); },
                   [](const FreeWork& free) {
                       require(free.allocation->live);
                       setLive(*free.allocation, false);
                   },
               },
               work);
}

void submit(Stream& stream, Work work) {
    if (stream.legacy) {
        forbidLegacyDuringCapture(*stream.context);
    }
    if (!stream.capture) {
        check(work, *stream.context, false);
        execute(work, *stream.context);
        return;
    }
    require(!stream.capture->invalidated, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
    try {
        check(work, *stream.context, true);
    } catch (const Failure&) {
        stream.capture->invalidated = true;
        throw;
    }
    stream.dependencies = {addNode(*stream.capture->graph, std::move(work), stream.dependencies)};
}

}  // namespace standin
