// Stands in for NVRTC where the stand-in for the driver is used: an image is a shared library that g++ made. What is
// CUDA C++ and not C++ comes from kernel/cuda_host.h, and what the project's kernels need beside it from intrinsics_host.h.
#include "../kernel/shadow.h"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <regex>
#include <spawn.h>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#ifndef STANDIN_KERNEL_FOLDER
#error "the folder of intrinsics_host.h"
#endif

extern char** environ;

namespace {

enum Status {
    NVRTC_SUCCESS = 0,
    NVRTC_ERROR_OUT_OF_MEMORY = 1,
    NVRTC_ERROR_PROGRAM_CREATION_FAILURE = 2,
    NVRTC_ERROR_INVALID_INPUT = 3,
    NVRTC_ERROR_INVALID_PROGRAM = 4,
    NVRTC_ERROR_INVALID_OPTION = 5,
    NVRTC_ERROR_COMPILATION = 6,
    NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION = 8,
    NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION = 9,
    NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID = 10,
    NVRTC_ERROR_INTERNAL_ERROR = 11
};

#define STANDIN_TEXT(x) #x
#define STANDIN_VALUE(x) STANDIN_TEXT(x)

// Accesses beside arrays and allocations, and what C++ leaves undefined, end a kernel with an error: kernel/shadow.h.
const std::vector<std::string> CHECKS = {
    "-fsanitize=kernel-address", "-fasan-shadow-offset=" STANDIN_VALUE(STANDIN_SHADOW_OFFSET),
    "--param", "asan-stack=1", "--param", "asan-globals=1", "-fsanitize=undefined",
    "-fsanitize-undefined-trap-on-error"};

constexpr int ARCHITECTURES[] = {80, 90, 100};

struct Program {
    std::string text;
    std::string name;
    std::map<std::string, std::string> headers;
    std::string image;
    std::string log;
};

class Folder {
  public:
    Folder() {
        const char* base = std::getenv("TMPDIR");
        path_ = std::string(base == nullptr ? "/tmp" : base) + "/standin-nvrtc-XXXXXX";
        if (mkdtemp(path_.data()) == nullptr) {
            path_.clear();
        }
    }

    ~Folder() {
        for (const std::string& file : files_) {
            unlink(file.c_str());
        }
        rmdir(path_.c_str());
    }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string file(const std::string& name) {
        files_.push_back(path_ + "/" + name);
        return files_.back();
    }

    std::string write(const std::string& name, const std::string& content) {
        std::string path = file(name);
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }

    const std::string& path() const { return path_; }

    bool exists() const { return !path_.empty(); }

  private:
    std::string path_;
    std::vector<std::string> files_;
};

std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

// Runs a program; what it prints goes to a file.
bool run(std::vector<std::string> command, const std::string& output) {
    std::vector<char*> arguments;
    for (std::string& each : command) {
        arguments.push_back(each.data());
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    pid_t child;
    int failed = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    while (failed == 0 && waitpid(child, &status, 0) < 0) {
        failed = errno == EINTR ? 0 : errno;
    }
    return failed == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string fileName(const std::string& name) {
    size_t slash = name.rfind('/');
    return slash == std::string::npos ? name : name.substr(slash + 1);
}

// The names of the kernels in a source after preprocessing, where what says that they are kernels was left standing.
std::vector<std::string> kernels(const std::string& preprocessed) {
    static const std::regex KERNEL(R"(__global__\s+void\s+(\w+)\s*\()");
    std::vector<std::string> names;
    for (std::sregex_iterator each(preprocessed.begin(), preprocessed.end(), KERNEL), end; each != end; ++each) {
        names.push_back((*each)[1]);
    }
    return names;
}

std::string unit(const std::string& source, const std::vector<std::string>& names) {
    std::ostringstream text;
    text << "#include \"intrinsics_host.h\"\n#include \"" << source << "\"\n"
         << "static const standin::KernelEntry ENTRIES[] = {\n";
    for (const std::string& name : names) {
        text << "    standin::Entry<&::" << name << ">::named(\"" << name << "\"),\n";
    }
    text << "    {nullptr, 0, nullptr, nullptr}};\n"
         << "static const standin::KernelImage IMAGE = {ENTRIES, " << names.size() << ", standin::attach};\n"
         << "extern \"C\" const standin::KernelImage* standin_kernel_image() { return &IMAGE; }\n";
    return text.str();
}

Status compile(Program& program, const std::vector<std::string>& options) {
    std::vector<std::string> common = {"g++", "-std=c++17", "-I" STANDIN_KERNEL_FOLDER};
    for (const std::string& option : options) {
        if (option.rfind("-D", 0) == 0) {
            common.push_back(option);
        } else if (option.rfind("--define-macro=", 0) == 0) {
            common.push_back("-D" + option.substr(15));
        } else if (option.rfind("-", 0) != 0) {
            program.log = "no option: " + option;
            return NVRTC_ERROR_INVALID_OPTION;
        }
    }
    Folder folder;
    if (!folder.exists()) {
        program.log = "no folder for temporary files";
        return NVRTC_ERROR_INTERNAL_ERROR;
    }
    common.push_back("-I" + folder.path());
    for (const auto& header : program.headers) {
        folder.write(fileName(header.first), header.second);
    }
    std::string source = fileName(program.name.empty() ? "default_program" : program.name);
    std::string path = folder.write(source, program.text);
    std::string log = folder.file("log");
    std::string preprocessed = folder.file("preprocessed");

    std::vector<std::string> list = common;
    list.insert(list.end(), {"-E", "-P", "-DSTANDIN_LISTS_KERNELS", "-include", "intrinsics_host.h", "-x", "c++", path, "-o",
                             preprocessed});
    if (!run(list, log)) {
        program.log = read(log);
        return NVRTC_ERROR_COMPILATION;
    }
    std::string unitPath = folder.write("standin_unit.cpp", unit(source, kernels(read(preprocessed))));
    std::string library = folder.file("image.so");
    std::vector<std::string> make = common;
    make.insert(make.end(), CHECKS.begin(), CHECKS.end());
    make.insert(make.end(), {"-O1", "-g1", "-fPIC", "-shared", "-fno-strict-aliasing", "-fno-gnu-unique", "-Wl,-Bsymbolic",
                             "-Wall", "-Wextra", "-Wno-unknown-pragmas", unitPath, "-o", library});
    bool made = run(make, log);
    program.log = read(log);
    program.image = made ? read(library) : "";
    return made ? NVRTC_SUCCESS : NVRTC_ERROR_COMPILATION;
}

Program* of(void* handle) { return static_cast<Program*>(handle); }

Status copy(const std::string& text, char* to) {
    std::memcpy(to, text.data(), text.size());
    return NVRTC_SUCCESS;
}

}  // namespace

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT const char* nvrtcGetErrorString(int status) {
    switch (status) {
        case NVRTC_SUCCESS: return "NVRTC_SUCCESS";
        case NVRTC_ERROR_OUT_OF_MEMORY: return "NVRTC_ERROR_OUT_OF_MEMORY";
        case NVRTC_ERROR_PROGRAM_CREATION_FAILURE: return "NVRTC_ERROR_PROGRAM_CREATION_FAILURE";
        case NVRTC_ERROR_INVALID_INPUT: return "NVRTC_ERROR_INVALID_INPUT";
        case NVRTC_ERROR_INVALID_PROGRAM: return "NVRTC_ERROR_INVALID_PROGRAM";
        case NVRTC_ERROR_INVALID_OPTION: return "NVRTC_ERROR_INVALID_OPTION";
        case NVRTC_ERROR_COMPILATION: return "NVRTC_ERROR_COMPILATION";
        case NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION:
            return "NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION";
        case NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION: return "NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION";
        case NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID: return "NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID";
        case NVRTC_ERROR_INTERNAL_ERROR: return "NVRTC_ERROR_INTERNAL_ERROR";
        default: return "NVRTC_ERROR unknown";
    }
}

EXPORT int nvrtcVersion(int* major, int* minor) {
    if (major == nullptr || minor == nullptr) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    *major = 13;
    *minor = 0;
    return NVRTC_SUCCESS;
}

EXPORT int nvrtcGetNumSupportedArchs(int* count) {
    if (count == nullptr) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    *count = sizeof ARCHITECTURES / sizeof *ARCHITECTURES;
    return NVRTC_SUCCESS;
}

EXPORT int nvrtcGetSupportedArchs(int* architectures) {
    if (architectures == nullptr) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    std::memcpy(architectures, ARCHITECTURES, sizeof ARCHITECTURES);
    return NVRTC_SUCCESS;
}

EXPORT int nvrtcCreateProgram(void** out, const char* text, const char* name, int count, const char* const* headers,
                              const char* const* names) {
    if (out == nullptr || text == nullptr || count < 0 || (count > 0 && (headers == nullptr || names == nullptr))) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    auto* made = new Program;
    made->text = text;
    made->name = name == nullptr ? "" : name;
    for (int each = 0; each < count; each++) {
        made->headers[names[each]] = headers[each];
    }
    *out = made;
    return NVRTC_SUCCESS;
}

EXPORT int nvrtcDestroyProgram(void** program) {
    if (program == nullptr || *program == nullptr) {
        return NVRTC_ERROR_INVALID_PROGRAM;
    }
    delete of(*program);
    *program = nullptr;
    return NVRTC_SUCCESS;
}

EXPORT int nvrtcCompileProgram(void* program, int count, const char* const* options) {
    if (program == nullptr) {
        return NVRTC_ERROR_INVALID_PROGRAM;
    }
    return compile(*of(program), std::vector<std::string>(options, options + count));
}

EXPORT int nvrtcGetCUBINSize(void* program, size_t* bytes) {
    *bytes = of(program)->image.size();
    return NVRTC_SUCCESS;
}

EXPORT int nvrtcGetCUBIN(void* program, char* image) { return copy(of(program)->image, image); }

EXPORT int nvrtcGetPTXSize(void* program, size_t* bytes) { return nvrtcGetCUBINSize(program, bytes); }

EXPORT int nvrtcGetPTX(void* program, char* image) { return nvrtcGetCUBIN(program, image); }

EXPORT int nvrtcGetProgramLogSize(void* program, size_t* bytes) {
    *bytes = of(program)->log.size() + 1;
    return NVRTC_SUCCESS;
}

EXPORT int nvrtcGetProgramLog(void* program, char* log) { return copy(of(program)->log + '\0', log); }

EXPORT int nvrtcAddNameExpression(void*, const char*) { return NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID; }

EXPORT int nvrtcGetLoweredName(void*, const char*, const char**) { return NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID; }
