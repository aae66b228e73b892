// What the compiler calls in kernels that were compiled for the host, before each access to memory and for variables: the
// functions of the kernel's address sanitizer in gcc. See shadow.h.
#pragma once

#include "image.h"
#include "shadow.h"

#include <cstdint>
#include <cstdio>

namespace standin {

inline const Engine* engine;

#define STANDIN_UNCHECKED __attribute__((no_sanitize_address, no_sanitize_undefined))

STANDIN_UNCHECKED inline const char* nameOf(unsigned char forbidden) {
    switch (forbidden) {
        case BEHIND_DEVICE_MEMORY: return "behind the end of device memory";
        case BEHIND_DYNAMIC_SHARED: return "behind the end of dynamic shared memory";
        case STACK_LEFT:
        case STACK_MIDDLE:
        case STACK_RIGHT: return "beside a local array or variable";
        case STACK_AFTER_SCOPE: return "of a local variable that is gone";
        case BEHIND_VARIABLE: return "behind the end of a shared array or a variable";
        default: return "that it may not touch";
    }
}

STANDIN_UNCHECKED [[gnu::noinline, gnu::cold]] inline void report(uintptr_t address, size_t bytes, const char* does,
                                                                  const unsigned char* shadow) {
    // Where some bytes may be touched, the next ones say why the others may not.
    unsigned char forbidden = *shadow < SHADOW_GRANULE ? shadow[1] : *shadow;
    char reason[160];
    std::snprintf(reason, sizeof reason, "touches memory %s: %s %zu bytes at %#zx", nameOf(forbidden), does, bytes,
                  static_cast<size_t>(address));
    engine->trap(reason);
}

STANDIN_UNCHECKED inline void check(uintptr_t address, size_t bytes, const char* does) {
    uintptr_t last = address + bytes - 1;
    for (const unsigned char* each = shadowOf(address); each <= shadowOf(last); each++) {
        bool isLast = each == shadowOf(last);
        if (__builtin_expect(*each != 0, 0) && (!isLast || *each <= last % SHADOW_GRANULE || *each >= SHADOW_GRANULE)) {
            report(address, bytes, does, each);
        }
    }
}

// What the compiler says of a variable.
struct Variable {
    uintptr_t address;
    size_t bytes;
    size_t room;
    const char* name;
    const char* source;
    uintptr_t initialisedAtRunTime;
    const void* place;
    uintptr_t definition;
};

}  // namespace standin

extern "C" {

#define STANDIN_CHECKED(bytes)                                                                   \
    STANDIN_UNCHECKED void __asan_load##bytes##_noabort(void* address) {                         \
        standin::check(reinterpret_cast<uintptr_t>(address), bytes, "reads");                    \
    }                                                                                            \
    STANDIN_UNCHECKED void __asan_store##bytes##_noabort(void* address) {                        \
        standin::check(reinterpret_cast<uintptr_t>(address), bytes, "writes");                   \
    }
STANDIN_CHECKED(1)
STANDIN_CHECKED(2)
STANDIN_CHECKED(4)
STANDIN_CHECKED(8)
STANDIN_CHECKED(16)
#undef STANDIN_CHECKED

STANDIN_UNCHECKED void __asan_loadN_noabort(void* address, size_t bytes) {
    standin::check(reinterpret_cast<uintptr_t>(address), bytes, "reads");
}

STANDIN_UNCHECKED void __asan_storeN_noabort(void* address, size_t bytes) {
    standin::check(reinterpret_cast<uintptr_t>(address), bytes, "writes");
}

STANDIN_UNCHECKED void __asan_register_globals(void* variables, size_t count) {
    const auto* each = static_cast<const standin::Variable*>(variables);
    for (size_t i = 0; i < count; i++) {
        unsigned char* shadow = standin::shadowOf(each[i].address);
        size_t whole = each[i].bytes / standin::SHADOW_GRANULE;
        size_t rest = each[i].bytes % standin::SHADOW_GRANULE;
        for (size_t granule = whole; granule < each[i].room / standin::SHADOW_GRANULE; granule++) {
            shadow[granule] = granule == whole && rest != 0 ? rest : standin::BEHIND_VARIABLE;
        }
    }
}

STANDIN_UNCHECKED void __asan_unregister_globals(void* variables, size_t count) {
    const auto* each = static_cast<const standin::Variable*>(variables);
    for (size_t i = 0; i < count; i++) {
        for (size_t granule = 0; granule < each[i].room / standin::SHADOW_GRANULE; granule++) {
            standin::shadowOf(each[i].address)[granule] = 0;
        }
    }
}

// Before a function that does not return: the stack stays forbidden, and the fiber that has it ends.
STANDIN_UNCHECKED void __asan_handle_no_return() {}

}
