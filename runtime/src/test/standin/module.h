// Loaded code.
#pragma once

#include "graph.h"

namespace standin {

struct KernelEntry;  // kernel/image.h
struct KernelImage;

struct Module : Object {
    void* library = nullptr;            // of kernels compiled for the host
    const KernelImage* image = nullptr;
    std::set<std::string> machineCode;  // or the names of kernels that only NVIDIA's devices run
    std::map<std::string, std::shared_ptr<Function>> functions;

    ~Module() override;
    const char* kind() const override { return "module"; }
};

struct Function : Object {
    std::string name;
    const KernelEntry* entry = nullptr;  // none in machine code
    std::weak_ptr<Module> module;  // gone when it is unloaded
    size_t sharedLimit = SHARED_DEFAULT;

    const char* kind() const override { return nullptr; }
};

}  // namespace standin
