// Updates all parameters in one launch. Everything is (elements) of float; parameters and state are updated. scale is what
// gradients are multiplied with first, rate the learning rate.
//
// Each update is PyTorch's of its name: https://pytorch.org/docs/stable/optim.html
#include "intrinsics.cuh"

// p -= rate (g + decay p)
extern "C" __global__ void descend(long long elements, float* parameters, const float* gradients, float scale,
                                   float rate, float decay) {
    for (long long i = firstElement(); i < elements; i += allThreads()) {
        float p = parameters[i];
        parameters[i] = p - rate * (gradients[i] * scale + decay * p);
    }
}

// v = momentum v + g + decay p; p -= rate v
extern "C" __global__ void descend_with_momentum(long long elements, float* parameters, const float* gradients,
                                                 float* velocities, float scale, float rate, float momentum,
                                                 float decay) {
    for (long long i = firstElement(); i < elements; i += allThreads()) {
        float p = parameters[i];
        float v = momentum * velocities[i] + (gradients[i] * scale + decay * p);
        velocities[i] = v;
        parameters[i] = p - rate * v;
    }
}

// With g = scale gradient + decay p: m = beta1 m + rest1 g; v = beta2 v + rest2 g²;
// p = shrink p - rate m / (sqrt(v) inverseCorrection + epsilon), where rate is corrected for the bias of m.
// Adam has shrink 1, AdamW decay 0. state: (2, elements), m and then v.
extern "C" __global__ void adapt(long long elements, float* parameters, const float* gradients, float* state,
                                 float scale, float rate, float decay, float shrink, float beta1, float rest1,
                                 float beta2, float rest2, float epsilon, float inverseCorrection) {
    for (long long i = firstElement(); i < elements; i += allThreads()) {
        float p = parameters[i];
        float g = gradients[i] * scale + decay * p;
        float m = beta1 * state[i] + rest1 * g;
        float v = beta2 * state[elements + i] + rest2 * g * g;
        state[i] = m;
        state[elements + i] = v;
        parameters[i] = p * shrink - rate * m / (sqrtf(v) * inverseCorrection + epsilon);
    }
}
