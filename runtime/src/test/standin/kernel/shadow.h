// What the address sanitizer of kernels knows of memory. Each 8 bytes have a byte that says how many of them, from the first
// on, may be touched: 0 for all, 1 to 7 for so many, and what is beyond 0x80 for none and why.
//
// The kernels are compiled with -fsanitize=kernel-address, in which the compiler calls functions of ours before each access
// (sanitizer_host.h) and has no runtime of its own: the one of -fsanitize=address would have to be there before the JVM.
//
// Serebryany, Bruening, Potapenko, Vyukov 2012, "AddressSanitizer: A Fast Address Sanity Checker"; numbers above 0xf0 are the
// compiler's.
#pragma once

#include <cstddef>
#include <cstdint>

namespace standin {

// Where the bytes of all addresses of a process lie (47 bits of address, 48 on 64-bit Arm), in a part of it that is free.
// nvrtc.cpp tells the compiler.
#define STANDIN_SHADOW_OFFSET 0x200000000000
constexpr uintptr_t SHADOW = STANDIN_SHADOW_OFFSET;
constexpr size_t SHADOW_BYTES = size_t{1} << 45;
constexpr size_t SHADOW_GRANULE = 8;

enum Forbidden : unsigned char {
    BEHIND_DEVICE_MEMORY = 0x81,
    BEHIND_DYNAMIC_SHARED = 0x82,
    STACK_LEFT = 0xf1,
    STACK_MIDDLE = 0xf2,
    STACK_RIGHT = 0xf3,
    STACK_AFTER_SCOPE = 0xf8,
    BEHIND_VARIABLE = 0xf9
};

inline unsigned char* shadowOf(uintptr_t address) {
    return reinterpret_cast<unsigned char*>(SHADOW + address / SHADOW_GRANULE);
}

}  // namespace standin
