// Graphs, and graphs made ready to be launched.
#include "graph.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace standin {

struct Step {
    void* node;  // the node of the graph that it was made from
    Work work;
    std::vector<size_t> dependencies;
};

struct ExecutableGraph : Object {
    std::shared_ptr<const std::vector<Step>> steps;  // runs that wait for their turn keep those they were launched with
    unsigned long long flags = 0;
    std::weak_ptr<Graph> graph;
    std::shared_ptr<Marker> last;  // the end of its last run

    const char* kind() const override { return "graphExec"; }
};

Node* addNode(Graph& graph, Work work, const std::vector<Node*>& dependencies) {
    auto made = std::make_shared<Node>();
    made->work = std::move(work);
    made->dependencies = dependencies;
    made->graph = &graph;
    add(made);
    graph.nodes.push_back(made);
    return made.get();
}

void forgetGraph(const Graph& graph) {
    for (const auto& node : graph.nodes) {
        remove(*node);
    }
    remove(graph);
}

namespace {

std::shared_ptr<Graph> graph(CUgraph handle) { return find<Graph>(handle, CUDA_ERROR_INVALID_VALUE); }

std::shared_ptr<Node> node(CUgraphNode handle) { return find<Node>(handle, CUDA_ERROR_INVALID_VALUE); }

std::shared_ptr<ExecutableGraph> executable(CUgraphExec handle) {
    return find<ExecutableGraph>(handle, CUDA_ERROR_INVALID_VALUE);
}

CUgraphNodeType typeOf(const Work& work) {
    constexpr CUgraphNodeType types[] = {
        CU_GRAPH_NODE_TYPE_EMPTY,        CU_GRAPH_NODE_TYPE_KERNEL,     CU_GRAPH_NODE_TYPE_MEMCPY,
        CU_GRAPH_NODE_TYPE_MEMSET,       CU_GRAPH_NODE_TYPE_EVENT_RECORD, CU_GRAPH_NODE_TYPE_WAIT_EVENT,
        CU_GRAPH_NODE_TYPE_MEM_ALLOC,    CU_GRAPH_NODE_TYPE_MEM_FREE,
        CU_GRAPH_NODE_TYPE_KERNEL};
    static_assert(std::size(types) == std::variant_size_v<Work>);
    return types[work.index()];
}

std::vector<Step> stepsOf(const Graph& graph) {
    std::map<const Node*, size_t> places;
    std::vector<Step> steps;
    for (const auto& node : graph.nodes) {
        places[node.get()] = steps.size();
        Step step{node->handle, node->work, {}};
        for (const Node* dependency : node->dependencies) {
            step.dependencies.push_back(places.at(dependency));
        }
        std::sort(step.dependencies.begin(), step.dependencies.end());
        steps.push_back(std::move(step));
    }
    return steps;
}

bool hasMemory(const Graph& graph) {
    return std::any_of(graph.nodes.begin(), graph.nodes.end(), [](const auto& node) {
        return std::holds_alternative<AllocateWork>(node->work);
    });
}

std::shared_ptr<ExecutableGraph> instantiate(const std::shared_ptr<Graph>& graph, unsigned long long flags) {
    unsigned long long known = CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH | CUDA_GRAPH_INSTANTIATE_FLAG_UPLOAD
        | CUDA_GRAPH_INSTANTIATE_FLAG_USE_NODE_PRIORITY;
    require((flags & ~known) == 0 && !graph->capturing);
    forbidUnsafeDuringCapture();
    require(!hasMemory(*graph) || graph->instances == 0, CUDA_ERROR_NOT_SUPPORTED);
    auto made = std::make_shared<ExecutableGraph>();
    made->steps = std::make_shared<const std::vector<Step>>(stepsOf(*graph));
    made->flags = flags;
    made->graph = graph;
    made->context = current();
    graph->instances++;
    add(made);
    return made;
}

// Nodes that do not depend on one another run in an order drawn anew each time: one that should depend shows.
void runSteps(const std::vector<Step>& steps, Context& context) {
    std::vector<size_t> open(steps.size());
    std::iota(open.begin(), open.end(), size_t{0});
    std::vector<bool> done(open.size());
    while (!open.empty()) {
        std::vector<size_t> ready;
        for (size_t place = 0; place < open.size(); place++) {
            const auto& dependencies = steps[open[place]].dependencies;
            if (std::all_of(dependencies.begin(), dependencies.end(), [&](size_t each) { return done[each]; })) {
                ready.push_back(place);
            }
        }
        size_t place = ready[draw() % ready.size()];
        run(steps[open[place]].work, context);
        done[open[place]] = true;
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(place));
    }
}

void launchGraph(ExecutableGraph& executable, const std::shared_ptr<Stream>& stream) {
    for (const Step& step : *executable.steps) {
        if (auto allocate = std::get_if<AllocateWork>(&step.work)) {
            drainAll(*stream->context);
            if (allocate->allocation->live) {
                require((executable.flags & CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH) != 0);
                setLive(*allocate->allocation, false);
            }
        }
    }
    // One run begins after the one before, on whatever streams they are.
    enqueue(*stream, {[steps = executable.steps, context = stream->context] { runSteps(*steps, *context); },
                      executable.last});
    executable.last = mark(stream);
}

struct Difference {
    CUgraphExecUpdateResult result = CU_GRAPH_EXEC_UPDATE_SUCCESS;
    void* node = nullptr;
    void* from = nullptr;
};

bool sameShape(const Work& before, const Work& after) {
    if (auto allocate = std::get_if<AllocateWork>(&before)) {
        return allocate->allocation == std::get<AllocateWork>(after).allocation;
    }
    if (auto free = std::get_if<FreeWork>(&before)) {
        return free->allocation == std::get<FreeWork>(after).allocation;
    }
    if (auto copy = std::get_if<CopyWork>(&before)) {
        const auto& other = std::get<CopyWork>(after);
        auto memory = [](uintptr_t address) {
            auto found = allocationAt(address);
            return found ? found->origin == Origin::PINNED || found->origin == Origin::REGISTERED ? 1 : 2 : 0;
        };
        return memory(copy->to) == memory(other.to) && memory(copy->from) == memory(other.from);
    }
    return true;
}

Difference compare(const std::vector<Step>& before, const std::vector<Step>& after) {
    if (before.size() != after.size()) {
        return {CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED, nullptr, nullptr};
    }
    for (size_t i = 0; i < before.size(); i++) {
        if (before[i].dependencies != after[i].dependencies) {
            return {CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED, after[i].node, nullptr};
        }
        if (before[i].work.index() != after[i].work.index()) {
            return {CU_GRAPH_EXEC_UPDATE_ERROR_NODE_TYPE_CHANGED, after[i].node, nullptr};
        }
        if (!sameShape(before[i].work, after[i].work)) {
            return {CU_GRAPH_EXEC_UPDATE_ERROR_PARAMETERS_CHANGED, after[i].node, nullptr};
        }
    }
    return {};
}

// Fills as many as there is room for, as all calls that list nodes do.
void list(const std::vector<void*>& all, CUgraphNode* nodes, size_t* count) {
    require(count != nullptr);
    if (nodes != nullptr) {
        for (size_t i = 0; i < *count; i++) {
            nodes[i] = i < all.size() ? handleAs<CUgraphNode>(all[i]) : nullptr;
        }
        *count = std::min(*count, all.size());
    } else {
        *count = all.size();
    }
}

std::vector<Node*> nodes(const CUgraphNode* handles, size_t count, const Graph& graph) {
    std::vector<Node*> found;
    for (size_t i = 0; i < count; i++) {
        found.push_back(node(handles[i]).get());
        require(found.back()->graph == &graph);
    }
    return found;
}

const char* label(CUgraphNodeType type) {
    constexpr const char* labels[] = {"kernel", "memcpy",       "memset",      "host", "graph", "empty", "wait event",
                                      "record", "ext. signal", "ext. wait", "alloc", "free"};
    return labels[type];
}

std::string nameOf(const Work& work) {
    if (const auto* kernel = std::get_if<KernelWork>(&work)) {
        return nameOf(*kernel->function);
    }
    const auto* library = std::get_if<LibraryWork>(&work);
    return library == nullptr ? label(typeOf(work)) : nameOf(*library->call);
}

}  // namespace

}  // namespace standin

using namespace standin;

CUresult CUDAAPI cuGraphCreate(CUgraph* out, unsigned int flags) {
    return call("cuGraphCreate", Needs::DRIVER, ARGS(out, flags), [&] {
        require(out != nullptr && flags == 0);
        *out = handleAs<CUgraph>(add(std::make_shared<Graph>()));
    });
}

CUresult CUDAAPI cuGraphDestroy(CUgraph handle) {
    return call("cuGraphDestroy", Needs::DRIVER, ARGS(handle), [&] {
        std::shared_ptr<Graph> found = graph(handle);
        require(!found->capturing);
        forgetGraph(*found);
    });
}

CUresult CUDAAPI cuGraphAddEmptyNode(CUgraphNode* out, CUgraph handle, const CUgraphNode* dependencies, size_t count) {
    return call("cuGraphAddEmptyNode", Needs::DRIVER, ARGS(out, handle, dependencies, count), [&] {
        require(out != nullptr && (count == 0 || dependencies != nullptr));
        std::shared_ptr<Graph> found = graph(handle);
        *out = handleAs<CUgraphNode>(addNode(*found, EmptyWork{}, nodes(dependencies, count, *found))->handle);
    });
}

CUresult CUDAAPI cuGraphGetNodes(CUgraph handle, CUgraphNode* nodes, size_t* count) {
    return call("cuGraphGetNodes", Needs::DRIVER, ARGS(handle, nodes, count), [&] {
        std::vector<void*> all;
        for (const auto& each : graph(handle)->nodes) {
            all.push_back(each->handle);
        }
        list(all, nodes, count);
    });
}

CUresult CUDAAPI cuGraphGetRootNodes(CUgraph handle, CUgraphNode* nodes, size_t* count) {
    return call("cuGraphGetRootNodes", Needs::DRIVER, ARGS(handle, nodes, count), [&] {
        std::vector<void*> all;
        for (const auto& each : graph(handle)->nodes) {
            if (each->dependencies.empty()) {
                all.push_back(each->handle);
            }
        }
        list(all, nodes, count);
    });
}

CUresult CUDAAPI cuGraphNodeGetDependencies(CUgraphNode handle, CUgraphNode* dependencies, CUgraphEdgeData* edges,
                                            size_t* count) {
    return call("cuGraphNodeGetDependencies", Needs::DRIVER, ARGS(handle, dependencies, edges, count), [&] {
        std::vector<void*> all;
        for (const Node* each : node(handle)->dependencies) {
            all.push_back(each->handle);
        }
        list(all, dependencies, count);
        std::fill_n(edges, edges == nullptr ? 0 : *count, CUgraphEdgeData{});
    });
}

CUresult CUDAAPI cuGraphGetEdges(CUgraph handle, CUgraphNode* from, CUgraphNode* to, CUgraphEdgeData* edges,
                                 size_t* count) {
    return call("cuGraphGetEdges", Needs::DRIVER, ARGS(handle, from, to, edges, count), [&] {
        require((from == nullptr) == (to == nullptr) && count != nullptr);
        std::vector<void*> starts;
        std::vector<void*> ends;
        for (const auto& each : graph(handle)->nodes) {
            for (const Node* dependency : each->dependencies) {
                starts.push_back(dependency->handle);
                ends.push_back(each->handle);
            }
        }
        size_t room = *count;
        list(starts, from, count);
        list(ends, to, &room);
        std::fill_n(edges, edges == nullptr ? 0 : *count, CUgraphEdgeData{});
    });
}

CUresult CUDAAPI cuGraphNodeGetType(CUgraphNode handle, CUgraphNodeType* type) {
    return call("cuGraphNodeGetType", Needs::DRIVER, ARGS(handle, type), [&] {
        require(type != nullptr);
        *type = typeOf(node(handle)->work);
    });
}

CUresult CUDAAPI cuGraphInstantiateWithFlags(CUgraphExec* out, CUgraph handle, unsigned long long flags) {
    return call("cuGraphInstantiateWithFlags", Needs::CONTEXT, ARGS(out, handle, flags), [&] {
        require(out != nullptr);
        *out = handleAs<CUgraphExec>(instantiate(graph(handle), flags)->handle);
    });
}

CUresult CUDAAPI cuGraphInstantiateWithParams(CUgraphExec* out, CUgraph handle,
                                              CUDA_GRAPH_INSTANTIATE_PARAMS* parameters) {
    return call("cuGraphInstantiateWithParams", Needs::CONTEXT, ARGS(out, handle, parameters), [&] {
        require(out != nullptr && parameters != nullptr);
        parameters->hErrNode_out = nullptr;
        parameters->result_out = CUDA_GRAPH_INSTANTIATE_ERROR;
        *out = handleAs<CUgraphExec>(instantiate(graph(handle), parameters->flags)->handle);
        parameters->result_out = CUDA_GRAPH_INSTANTIATE_SUCCESS;
    });
}

CUresult CUDAAPI cuGraphExecGetFlags(CUgraphExec handle, cuuint64_t* flags) {
    return call("cuGraphExecGetFlags", Needs::DRIVER, ARGS(handle, flags), [&] {
        require(flags != nullptr);
        *flags = executable(handle)->flags;
    });
}

CUresult CUDAAPI cuGraphUpload(CUgraphExec handle, CUstream where) {
    return call("cuGraphUpload", Needs::CONTEXT, ARGS(handle, where), [&] {
        executable(handle);
        stream(where);
    });
}

CUresult CUDAAPI cuGraphLaunch(CUgraphExec handle, CUstream where) {
    return call("cuGraphLaunch", Needs::CONTEXT, ARGS(handle, where), [&] {
        std::shared_ptr<ExecutableGraph> found = executable(handle);
        std::shared_ptr<Stream> stream = standin::stream(where);
        if (stream->legacy) {
            forbidLegacyDuringCapture(*stream->context);
        }
        if (stream->capture) {
            stream->capture->invalidated = true;
            fail(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
        }
        launchGraph(*found, stream);
    });
}

CUresult CUDAAPI cuGraphExecUpdate(CUgraphExec handle, CUgraph with, CUgraphExecUpdateResultInfo* info) {
    return call("cuGraphExecUpdate", Needs::CONTEXT, ARGS(handle, with, info), [&] {
        require(info != nullptr);
        forbidUnsafeDuringCapture();
        std::shared_ptr<ExecutableGraph> found = executable(handle);
        std::vector<Step> steps = stepsOf(*graph(with));
        Difference difference = compare(*found->steps, steps);
        info->result = difference.result;
        info->errorNode = handleAs<CUgraphNode>(difference.node);
        info->errorFromNode = handleAs<CUgraphNode>(difference.from);
        require(difference.result == CU_GRAPH_EXEC_UPDATE_SUCCESS, CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE);
        for (size_t i = 0; i < steps.size(); i++) {
            // Nodes stay known by those of the graph it was instantiated from.
            steps[i].node = (*found->steps)[i].node;
        }
        found->steps = std::make_shared<const std::vector<Step>>(std::move(steps));
    });
}

CUresult CUDAAPI cuGraphExecDestroy(CUgraphExec handle) {
    return call("cuGraphExecDestroy", Needs::DRIVER, ARGS(handle), [&] {
        forbidUnsafeDuringCapture();
        std::shared_ptr<ExecutableGraph> found = executable(handle);
        if (auto graph = found->graph.lock()) {
            graph->instances--;
        }
        remove(*found);
    });
}

CUresult CUDAAPI cuGraphDebugDotPrint(CUgraph handle, const char* path, unsigned int flags) {
    return call("cuGraphDebugDotPrint", Needs::DRIVER, ARGS(handle, path, flags), [&] {
        std::shared_ptr<Graph> found = graph(handle);
        require(path != nullptr);
        FILE* file = std::fopen(path, "w");
        require(file != nullptr, CUDA_ERROR_OPERATING_SYSTEM);
        std::fprintf(file, "digraph dot {\n");
        std::vector<Step> steps = stepsOf(*found);
        for (size_t i = 0; i < steps.size(); i++) {
            std::fprintf(file, "\"%zu\" [label=\"%s\"];\n", i, nameOf(steps[i].work).c_str());
            for (size_t before : steps[i].dependencies) {
                std::fprintf(file, "\"%zu\" -> \"%zu\";\n", before, i);
            }
        }
        std::fprintf(file, "}\n");
        std::fclose(file);
    });
}
