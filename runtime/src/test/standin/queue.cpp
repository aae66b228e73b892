// The order in which work is done: that of each stream, and what events add to it. Beyond that it is drawn from the seed.
#include "standin.h"

namespace standin {

uint64_t draw() {
    state().seed = state().seed * 6364136223846793005ull + 1442695040888963407ull;
    return state().seed >> 33;
}

void forEachStream(const std::function<void(Stream&)>& action) {
    for (const auto& each : state().objects) {
        if (auto stream = dynamic_cast<Stream*>(each.second.get())) {
            action(*stream);
        } else if (auto context = dynamic_cast<Context*>(each.second.get())) {
            action(*context->perThreadStream);
        }
    }
}

void await(const Marker& marker) {
    std::shared_ptr<Stream> stream = marker.stream.lock();
    while (stream && !marker.reached && !stream->tasks.empty()) {
        step(*stream);
    }
}

void step(Stream& stream) {
    if (stream.tasks.empty()) {
        return;
    }
    Task task = std::move(stream.tasks.front());
    stream.tasks.pop_front();
    if (task.after) {
        await(*task.after);
    }
    task.run();
}

void drain(Stream& stream) {
    while (!stream.tasks.empty()) {
        step(stream);
    }
}

void drainAll(const Context& context) {
    forEachStream([&](Stream& stream) {
        if (stream.context.get() == &context) {
            drain(stream);
        }
    });
}

void enqueue(Stream& stream, Task task) {
    if (stream.legacy) {
        forEachStream([&](Stream& other) {
            if (other.context == stream.context && (other.flags & CU_STREAM_NON_BLOCKING) == 0) {
                drain(other);
            }
        });
    }
    stream.tasks.push_back(std::move(task));
    if (stream.legacy || state().blocking) {
        drain(stream);
    } else if (draw() % 2 == 0) {
        step(stream);
    }
}

std::shared_ptr<Marker> mark(const std::shared_ptr<Stream>& stream) {
    auto marker = std::make_shared<Marker>();
    marker->stream = stream;
    enqueue(*stream, {[marker] {
                          marker->reached = true;
                          marker->time = std::chrono::steady_clock::now();
                      },
                      nullptr});
    return marker;
}

}  // namespace standin
