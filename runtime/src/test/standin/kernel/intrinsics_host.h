// The machine instructions of intrinsics.cuh, in C++.
#pragma once

#include "cuda_host.h"

#include <cmath>

struct bf16 {
    unsigned short bits;
};

inline bf16 roundToBf16(float x) {
    unsigned int bits = __float_as_uint(x);
    if (std::isnan(x)) {
        return {static_cast<unsigned short>(bits >> 16 | 0x40)};
    }
    return {static_cast<unsigned short>((bits + 0x7fff + (bits >> 16 & 1)) >> 16)};
}

// Ties away from zero.
inline float roundToTf32(float x) {
    return std::isfinite(x) ? __uint_as_float((__float_as_uint(x) + 0x1000) & ~0x1fffu) : x;
}

namespace standin {

inline float bf16At(unsigned int pair, unsigned int upper) {
    return __uint_as_float(upper == 0 ? pair << 16 : pair & 0xffff0000u);
}

inline float tf32(float x) { return __uint_as_float(__float_as_uint(x) & ~0x1fffu); }

// What a lane holds of the operands of a product.
template <class T>
struct Operands {
    T a[4];
    T b[2];

    Operands(const T (&left)[4], const T (&right)[2]) {
        std::memcpy(a, left, sizeof a);
        std::memcpy(b, right, sizeof b);
    }
};

// What a lane gets of a product: c += a b over k, where left and right read the elements of row and column that the lanes hold.
template <class T, class Left, class Right>
void multiply(float (&c)[4], const T (&a)[4], const T (&b)[2], unsigned int depth, Left left, Right right) {
    Lanes<Operands<T>> lanes(0xffffffffu, Operands<T>(a, b));
    for (unsigned int element = 0; element < 4; element++) {
        unsigned int row = lane() / 4 + element / 2 * 8;
        unsigned int column = lane() % 4 * 2 + element % 2;
        float sum = c[element];
        for (unsigned int k = 0; k < depth; k++) {
            sum += left(lanes.of, row, k) * right(lanes.of, column, k);
        }
        c[element] = sum;
    }
}

}  // namespace standin

inline void multiplyBf16(float (&c)[4], const unsigned int (&a)[4], const unsigned int (&b)[2]) {
    using Lane = standin::Operands<unsigned int>;
    standin::multiply(
        c, a, b, 16,
        [](const Lane* lanes, unsigned int row, unsigned int k) {
            return standin::bf16At(lanes[row % 8 * 4 + k % 8 / 2].a[row / 8 + k / 8 * 2], k % 2);
        },
        [](const Lane* lanes, unsigned int column, unsigned int k) {
            return standin::bf16At(lanes[column * 4 + k % 8 / 2].b[k / 8], k % 2);
        });
}

inline void multiplyTf32(float (&c)[4], const float (&a)[4], const float (&b)[2]) {
    using Lane = standin::Operands<float>;
    standin::multiply(
        c, a, b, 8,
        [](const Lane* lanes, unsigned int row, unsigned int k) {
            return standin::tf32(lanes[row % 8 * 4 + k % 4].a[row / 8 + k / 4 * 2]);
        },
        [](const Lane* lanes, unsigned int column, unsigned int k) {
            return standin::tf32(lanes[column * 4 + k % 4].b[k / 4]);
        });
}
