// Updates all parameters in one launch. Everything is (elements) of float; parameters and state are updated. gradientScale is
// what gradients are multiplied with first. What is the same for all parameters lies in memory, too, so that a captured launch
// finds the numbers of each step.
//
// Each update is PyTorch's of its name: https://pytorch.org/docs/stable/optim.html
#include "intrinsics.cuh"

struct Descent {
    float rate;
    float decay;
};

struct MomentumDescent {
    float rate;
    float decay;
    float momentum;
};

// Adam has shrink 1, AdamW decay 0; rate is corrected for the start of m at 0, inverseCorrection for that of v.
struct Adaptation {
    float rate;
    float decay;
    float shrink;
    float beta1;
    float rest1;
    float beta2;
    float rest2;
    float epsilon;
    float inverseCorrection;
};

// p -= rate (g + decay p)
extern "C" __global__ void descend(long long elements, const Descent* factors, const float* gradientScale,
                                   float* parameters, const float* gradients) {
    Descent f = *factors;
    float scale = *gradientScale;
    for (long long i = firstElement(); i < elements; i += allThreads()) {
        float p = parameters[i];
        parameters[i] = p - f.rate * (gradients[i] * scale + f.decay * p);
    }
}

// v = momentum v + g + decay p; p -= rate v
extern "C" __global__ void descend_with_momentum(long long elements, const MomentumDescent* factors,
                                                 const float* gradientScale, float* parameters, const float* gradients,
                                                 float* velocities) {
    MomentumDescent f = *factors;
    float scale = *gradientScale;
    for (long long i = firstElement(); i < elements; i += allThreads()) {
        float p = parameters[i];
        float v = f.momentum * velocities[i] + (gradients[i] * scale + f.decay * p);
        velocities[i] = v;
        parameters[i] = p - f.rate * v;
    }
}

// With g = scale gradient + decay p: m = beta1 m + rest1 g; v = beta2 v + rest2 g²;
// p = shrink p - rate m / (sqrt(v) inverseCorrection + epsilon). state: (2, elements), m and then v.
extern "C" __global__ void adapt(long long elements, const Adaptation* factors, const float* gradientScale,
                                 float* parameters, const float* gradients, float* state) {
    Adaptation f = *factors;
    float scale = *gradientScale;
    for (long long i = firstElement(); i < elements; i += allThreads()) {
        float p = parameters[i];
        float g = gradients[i] * scale + f.decay * p;
        float m = f.beta1 * state[i] + f.rest1 * g;
        float v = f.beta2 * state[elements + i] + f.rest2 * g * g;
        state[i] = m;
        state[elements + i] = v;
        parameters[i] = p * f.shrink - f.rate * m / (sqrtf(v) * f.inverseCorrection + f.epsilon);
    }
}
