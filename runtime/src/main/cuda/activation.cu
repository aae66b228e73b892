// The functions of linear layers that cuBLASLt does not have, and their gradients.
//
// Compiled for: ACTIVATION (float or bf16), FUNCTION (RELU, GELU or GELU_TANH).
//
// GELU: Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415
#include "intrinsics.cuh"

#define RELU 1
#define GELU 2
#define GELU_TANH 3

constexpr float HALF_ROOT = 0.70710678118654752f;       // sqrt(1 / 2)
constexpr float DENSITY_AT_0 = 0.39894228040143268f;    // of the normal distribution: 1 / sqrt(2 pi)
constexpr float ROOT_2_OVER_PI = 0.79788456080286536f;
constexpr float CUBIC = 0.044715f;

// f(z)
__device__ __forceinline__ float value(float z) {
    if constexpr (FUNCTION == RELU) {
        return z < 0 ? 0 : z;  // lets NaN through
    } else if constexpr (FUNCTION == GELU) {
        return 0.5f * z * (1 + erff(z * HALF_ROOT));
    } else {
        return 0.5f * z * (1 + tanhf(ROOT_2_OVER_PI * (z + CUBIC * z * z * z)));
    }
}

// f'(z); of RELU, z may be f(z).
__device__ __forceinline__ float slope(float z) {
    if constexpr (FUNCTION == RELU) {
        return z > 0 ? 1 : 0;
    } else if constexpr (FUNCTION == GELU) {
        return 0.5f * (1 + erff(z * HALF_ROOT)) + z * DENSITY_AT_0 * expf(-0.5f * z * z);
    } else {
        float t = tanhf(ROOT_2_OVER_PI * (z + CUBIC * z * z * z));
        return 0.5f * (1 + t) + 0.5f * z * (1 - t * t) * ROOT_2_OVER_PI * (1 + 3 * CUBIC * z * z);
    }
}

// z: (elements); y: (elements), overwritten.
extern "C" __global__ void activation_forward(long long elements, const ACTIVATION* z, ACTIVATION* y) {
    for (long long i = firstElement(); i < elements; i += allThreads()) {
        y[i] = fromFloat<ACTIVATION>(value(toFloat(z[i])));
    }
}

// gradient: (elements), of y; it becomes that of z.
extern "C" __global__ void activation_backward(long long elements, const ACTIVATION* z, ACTIVATION* gradient) {
    for (long long i = firstElement(); i < elements; i += allThreads()) {
        gradient[i] = fromFloat<ACTIVATION>(toFloat(gradient[i]) * slope(toFloat(z[i])));
    }
}
