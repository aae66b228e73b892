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

// Pageable memory is the caller's again when the call returns: what is read is read now, what is written is written now.
bool stage(Work& work) {
    auto* copy = std::get_if<CopyWork>(&work);
    if (copy == nullptr) {
        return false;
    }
    if (!copy->fromMemory) {
        auto* from = reinterpret_cast<unsigned char*>(copy->from);
        copy->staged = std::make_shared<std::vector<unsigned char>>(from, from + copy->bytes);
        copy->from = reinterpret_cast<uintptr_t>(copy->staged->data());
    }
    return !copy->toMemory;
}

}  // namespace

void check(const Work& work, Moment moment) {
    std::visit(Cases{
                   [&](const KernelWork& kernel) { checkLaunch(kernel, moment); },
                   [&](const CopyWork& copy) {
                       checkRange(copy.to, copy.bytes, copy.toSide, moment);
                       checkRange(copy.from, copy.bytes, copy.fromSide, moment);
                       require(copy.staged || copy.fromMemory == allocationAt(copy.from));
                       require(copy.toMemory == allocationAt(copy.to));
                   },
                   [&](const FillWork& fill) {
                       require(fill.count <= SIZE_MAX / fill.width);
                       checkRange(fill.to, fill.count * fill.width, Side::DEVICE, moment);
                   },
                   [](const auto&) {},
               },
               work);
}

namespace {

void execute(const Work& work, Context& context) {
    std::visit(Cases{
                   [](const EmptyWork&) {},
                   [](const KernelWork& kernel) { launch(kernel); },
                   [](const CopyWork& copy) {
                       std::memmove(reinterpret_cast<void*>(copy.to), reinterpret_cast<void*>(copy.from), copy.bytes);
                   },
                   [](const FillWork& each) { fill(each); },
                   [](const RecordWork& record) {
                       auto now = std::make_shared<Marker>();
                       now->reached = true;
                       now->time = std::chrono::steady_clock::now();
                       record.event->last = now;
                       record.event->capture.reset();
                       record.event->dependencies.clear();
                   },
                   [](const WaitWork& wait) {
                       if (wait.event->last) {
                           await(*wait.event->last);
                       }
                   },
                   [](const AllocateWork& allocate) { setLive(*allocate.allocation, true); },
                   [](const FreeWork& free) {
                       require(free.allocation->live);
                       setLive(*free.allocation, false);
                   },
                   [&](const LibraryWork& library) { runLibrary(*library.call, context); },
               },
               work);
}

}  // namespace

void run(const Work& work, Context& context) {
    if (context.sticky != CUDA_SUCCESS) {
        return;
    }
    try {
        check(work, Moment::RUNNING);
        execute(work, context);
    } catch (const Failure&) {
        poison(context, CUDA_ERROR_ILLEGAL_ADDRESS, "work had its turn when what it uses had been freed");
    }
}

void submit(Stream& stream, Work work) {
    if (stream.legacy) {
        forbidLegacyDuringCapture(*stream.context);
    }
    if (!stream.capture) {
        check(work, Moment::QUEUED);
        bool now = stage(work);
        enqueue(stream, {[context = stream.context, work = std::move(work)] { run(work, *context); }, nullptr});
        if (now) {
            drain(stream);
        }
        return;
    }
    require(!stream.capture->invalidated, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
    try {
        check(work, Moment::CAPTURED);
    } catch (const Failure&) {
        stream.capture->invalidated = true;
        throw;
    }
    stream.dependencies = {addNode(*stream.capture->graph, std::move(work), stream.dependencies)};
}

}  // namespace standin
