// Work for a stream: done at once, or, while the stream is captured, kept as a node of a graph.
#pragma once

#include "standin.h"

#include <variant>

namespace standin {

struct Function;

struct EmptyWork {};

struct KernelWork {
    std::shared_ptr<Function> function;
    unsigned int grid[3];
    unsigned int block[3];
    unsigned int sharedBytes;
    std::vector<std::vector<unsigned char>> arguments;
};

struct CopyWork {
    uintptr_t to;
    uintptr_t from;
    size_t bytes;
    Side toSide;
    Side fromSide;
};

struct FillWork {
    uintptr_t to;
    unsigned int value;
    unsigned int width;  // of one element: 1, 2 or 4 bytes
    size_t count;
};

struct HostWork {
    CUhostFn function;
    void* argument;
};

struct RecordWork {
    std::shared_ptr<Event> event;
};

struct WaitWork {
    std::shared_ptr<Event> event;
};

struct AllocateWork {
    std::shared_ptr<Allocation> allocation;
};

struct FreeWork {
    std::shared_ptr<Allocation> allocation;
};

using Work = std::variant<EmptyWork, KernelWork, CopyWork, FillWork, HostWork, RecordWork, WaitWork, AllocateWork,
                          FreeWork>;

struct Node : Object {
    Work work;
    std::vector<Node*> dependencies;
    Graph* graph = nullptr;

    const char* kind() const override { return nullptr; }
};

struct Graph : Object {
    std::vector<std::shared_ptr<Node>> nodes;  // each after those it depends on
    bool capturing = false;
    int instances = 0;

    const char* kind() const override { return capturing ? nullptr : "graph"; }
};

Node* addNode(Graph& graph, Work work, const std::vector<Node*>& dependencies);
void forgetGraph(const Graph& graph);
// Ends a capture for all streams in it.
void abandon(const std::shared_ptr<Capture>& capture);

// What must hold when the work is handed in; ends in the status for it otherwise.
void check(const Work& work, const Context& context, bool capturing);
void execute(const Work& work, Context& context);

// Does the work, or makes it a node where the stream is captured.
void submit(Stream& stream, Work work);

// Kernels: launch.cpp.
void checkLaunch(const KernelWork& work, const Context& context, bool capturing);
void launch(const KernelWork& work, Context& context);
// The names that the vendor's debug output gives.
const std::string& nameOf(const Function& function);

}  // namespace standin
