// Work for a stream: it waits there for its turn, or, while the stream is captured, is kept as a node of a graph.
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
    std::shared_ptr<Allocation> toMemory;    // that the addresses lie in; none for pageable memory
    std::shared_ptr<Allocation> fromMemory;
    std::shared_ptr<std::vector<unsigned char>> staged;  // what pageable memory held when the copy was queued
};

struct FillWork {
    uintptr_t to;
    unsigned int value;
    unsigned int width;  // of one element: 1, 2 or 4 bytes
    size_t count;
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

struct LibraryCall;

// What cuBLASLt or cuDNN do, as one kernel.
struct LibraryWork {
    std::shared_ptr<LibraryCall> call;
};

using Work = std::variant<EmptyWork, KernelWork, CopyWork, FillWork, RecordWork, WaitWork, AllocateWork,
                          FreeWork, LibraryWork>;

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

// What must hold at that moment; ends in the status for it otherwise.
void check(const Work& work, Moment moment);
// Checks and does what has its turn. What is wrong then is found out by later calls.
void run(const Work& work, Context& context);

// Queues the work, or makes it a node where the stream is captured.
void submit(Stream& stream, Work work);

// Kernels: launch.cpp.
void checkLaunch(const KernelWork& work, Moment moment);
void launch(const KernelWork& work);
// The names that the vendor's debug output gives.
const std::string& nameOf(const Function& function);

// Work of other libraries: library.cpp.
void runLibrary(const LibraryCall& call, Context& context);
const std::string& nameOf(const LibraryCall& call);

}  // namespace standin
