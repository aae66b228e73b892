// Modules: images are shared libraries of kernels compiled for the host, see kernel/image.h. NVIDIA's machine code loads, too,
// and shows its kernels, so that what is compiled for a device can be seen where there is none; launched, it fails.
#include "module.h"

#include "kernel/engine.h"

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <unistd.h>

namespace standin {

Module::~Module() {
    if (library != nullptr) {
        dlclose(library);
    }
}

namespace {

constexpr const char* NO_IMAGE =
    "the stand-in loads shared libraries of kernels compiled for the host, and machine code, and no other image";

Elf64_Ehdr headerOf(const void* image) {
    Elf64_Ehdr header;
    std::memcpy(&header, image, sizeof header);
    return header;
}

// The kernels of machine code: each has a section of its own.
std::set<std::string> kernelsOf(const void* image) {
    static const std::string PREFIX = ".text.";
    const auto* bytes = static_cast<const char*>(image);
    Elf64_Ehdr header = headerOf(image);
    std::vector<Elf64_Shdr> sections(header.e_shnum);
    std::memcpy(sections.data(), bytes + header.e_shoff, sections.size() * sizeof(Elf64_Shdr));
    std::set<std::string> names;
    for (const Elf64_Shdr& section : sections) {
        std::string name = bytes + sections[header.e_shstrndx].sh_offset + section.sh_name;
        if (name.compare(0, PREFIX.size(), PREFIX) == 0) {
            names.insert(name.substr(PREFIX.size()));
        }
    }
    return names;
}

// A file of its own for each module, under a name of its own: the linker shares what it knows, variables too.
void* open(const void* image) {
    Elf64_Ehdr header = headerOf(image);
    size_t size = header.e_shoff + static_cast<size_t>(header.e_shnum) * header.e_shentsize;
    char name[] = "/tmp/standin-module-XXXXXX";
    int file = mkstemp(name);
    require(file >= 0, CUDA_ERROR_OPERATING_SYSTEM);
    bool written = write(file, image, size) == static_cast<ssize_t>(size);
    close(file);
    void* library = written ? dlopen(name, RTLD_NOW | RTLD_LOCAL) : nullptr;
    unlink(name);
    require(library != nullptr, CUDA_ERROR_INVALID_IMAGE);
    return library;
}

void report(unsigned int count, const CUjit_option* options, void** values) {
    for (unsigned int i = 0; i + 1 < count; i++) {
        if (options[i] == CU_JIT_ERROR_LOG_BUFFER && options[i + 1] == CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES) {
            auto size = reinterpret_cast<size_t>(values[i + 1]);
            std::strncpy(static_cast<char*>(values[i]), NO_IMAGE, size - 1);
        }
    }
}

const KernelEntry* kernel(const Module& module, const char* name) {
    for (size_t i = 0; module.image != nullptr && i < module.image->count; i++) {
        if (std::strcmp(module.image->kernels[i].name, name) == 0) {
            return &module.image->kernels[i];
        }
    }
    return nullptr;
}

std::shared_ptr<Module> module(CUmodule handle) { return find<Module>(handle); }

std::shared_ptr<Function> function(CUfunction handle) { return find<Function>(handle); }

void unload(const std::shared_ptr<Module>& module) {
    std::vector<uintptr_t> variables;
    for (const auto& each : state().allocations) {
        if (each.second->origin == Origin::MODULE && each.second->module == module.get()) {
            variables.push_back(each.first);
        }
    }
    for (uintptr_t address : variables) {
        state().allocations.erase(address);
    }
    for (const auto& each : module->functions) {
        remove(*each.second);
    }
    remove(*module);
}

}  // namespace

const std::string& nameOf(const Function& function) { return function.name; }

}  // namespace standin

using namespace standin;

CUresult CUDAAPI cuModuleLoadDataEx(CUmodule* out, const void* image, unsigned int count, CUjit_option* options,
                                    void** values) {
    return call("cuModuleLoadDataEx", Needs::CONTEXT, ARGS(out, image, count, options, values), [&] {
        require(out != nullptr && image != nullptr);
        forbidUnsafeDuringCapture();
        if (std::strncmp(static_cast<const char*>(image), ELFMAG, SELFMAG) != 0) {
            report(count, options, values);
            fail(CUDA_ERROR_INVALID_IMAGE);
        }
        auto made = std::make_shared<Module>();
        made->context = current();
        if (headerOf(image).e_machine == EM_CUDA) {
            made->machineCode = kernelsOf(image);
        } else {
            made->library = open(image);
            auto describeImage = reinterpret_cast<ImageFunction>(dlsym(made->library, IMAGE_FUNCTION));
            require(describeImage != nullptr, CUDA_ERROR_INVALID_IMAGE);
            made->image = describeImage();
            made->image->attach(engine());
        }
        *out = handleAs<CUmodule>(add(made));
    });
}

CUresult CUDAAPI cuModuleUnload(CUmodule handle) {
    return call("cuModuleUnload", Needs::CONTEXT_TO_FREE, ARGS(handle), [&] {
        forbidUnsafeDuringCapture();
        unload(module(handle));
    });
}

CUresult CUDAAPI cuModuleGetFunction(CUfunction* out, CUmodule handle, const char* name) {
    return call("cuModuleGetFunction", Needs::CONTEXT, ARGS(out, handle, name), [&] {
        require(out != nullptr && name != nullptr);
        std::shared_ptr<Module> found = module(handle);
        std::shared_ptr<Function>& known = found->functions[name];
        if (!known) {
            const KernelEntry* entry = kernel(*found, name);
            if (entry == nullptr && found->machineCode.count(name) == 0) {
                found->functions.erase(name);
                fail(CUDA_ERROR_NOT_FOUND);
            }
            known = std::make_shared<Function>();
            known->name = name;
            known->context = found->context;
            known->module = found;
            known->entry = entry;
            add(known);
        }
        *out = handleAs<CUfunction>(known->handle);
    });
}

CUresult CUDAAPI cuModuleGetGlobal(CUdeviceptr* address, size_t* bytes, CUmodule handle, const char* name) {
    return call("cuModuleGetGlobal", Needs::CONTEXT, ARGS(address, bytes, handle, name), [&] {
        require(name != nullptr);
        std::shared_ptr<Module> found = module(handle);
        require(found->library != nullptr, CUDA_ERROR_NOT_SUPPORTED);
        void* variable = dlsym(found->library, name);
        Dl_info place;
        const ElfW(Sym)* symbol = nullptr;
        bool known = variable != nullptr && dladdr1(variable, &place, (void**) &symbol, RTLD_DL_SYMENT) != 0;
        require(known && symbol != nullptr && ELF64_ST_TYPE(symbol->st_info) == STT_OBJECT, CUDA_ERROR_NOT_FOUND);
        auto number = reinterpret_cast<uintptr_t>(variable);
        addModuleVariable(number, symbol->st_size, *found->context, found.get());
        if (address != nullptr) {
            *address = number;
        }
        if (bytes != nullptr) {
            *bytes = symbol->st_size;
        }
    });
}

CUresult CUDAAPI cuFuncGetAttribute(int* value, CUfunction_attribute attribute, CUfunction handle) {
    return call("cuFuncGetAttribute", Needs::CONTEXT, ARGS(value, attribute, handle), [&] {
        std::shared_ptr<Function> found = function(handle);
        require(value != nullptr && attribute >= 0 && attribute < CU_FUNC_ATTRIBUTE_MAX);
        switch (attribute) {
            case CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK:
                *value = MAX_THREADS;
                break;
            case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES:
                *value = static_cast<int>(found->sharedLimit);
                break;
            case CU_FUNC_ATTRIBUTE_NUM_REGS:
                *value = 32;
                break;
            default:
                *value = 0;
        }
    });
}

CUresult CUDAAPI cuFuncSetAttribute(CUfunction handle, CUfunction_attribute attribute, int value) {
    return call("cuFuncSetAttribute", Needs::CONTEXT, ARGS(handle, attribute, value), [&] {
        std::shared_ptr<Function> found = function(handle);
        require(attribute == CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES);
        require(value >= 0 && static_cast<size_t>(value) <= SHARED_OPTIN);
        found->sharedLimit = static_cast<size_t>(value);
    });
}
