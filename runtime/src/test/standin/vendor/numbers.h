// Numbers as they lie in device memory, and as the units of a device round them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

namespace standin {

enum class Number { FLOAT, BFLOAT16, DOUBLE };

inline size_t bytesOf(Number type) { return type == Number::BFLOAT16 ? 2 : type == Number::FLOAT ? 4 : 8; }

inline uint32_t bitsOf(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

inline float floatOf(uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

// To the nearest value that has `dropped` bits of fraction less, of two as near to the even one; not for NaN.
inline uint32_t roundBits(uint32_t bits, int dropped) {
    uint32_t half = (1u << (dropped - 1)) - 1;
    return (bits + half + ((bits >> dropped) & 1)) >> dropped << dropped;
}

inline uint16_t toBfloat16(float value) {
    return value != value ? 0x7FFF : static_cast<uint16_t>(roundBits(bitsOf(value), 16) >> 16);
}

inline float fromBfloat16(uint16_t bits) { return floatOf(uint32_t{bits} << 16); }

inline float toTf32(float value) { return value != value ? value : floatOf(roundBits(bitsOf(value), 13)); }

// A value as one computes with it: Real is float, or double for doubles alone.
template <class Real>
Real load(const void* memory, Number type, size_t index) {
    switch (type) {
        case Number::BFLOAT16:
            return fromBfloat16(static_cast<const uint16_t*>(memory)[index]);
        case Number::FLOAT:
            return static_cast<const float*>(memory)[index];
        default:
            return static_cast<Real>(static_cast<const double*>(memory)[index]);
    }
}

template <class Real>
void store(void* memory, Number type, size_t index, Real value) {
    switch (type) {
        case Number::BFLOAT16:
            static_cast<uint16_t*>(memory)[index] = toBfloat16(static_cast<float>(value));
            break;
        case Number::FLOAT:
            static_cast<float*>(memory)[index] = static_cast<float>(value);
            break;
        default:
            static_cast<double*>(memory)[index] = static_cast<double>(value);
    }
}

// What lies in scratch memory after, and counts for nothing before: NaN in every type.
inline void scribble(void* memory, size_t bytes) { std::memset(memory, 0xFF, bytes); }

}  // namespace standin
