// The reserve through which a training pass hands on what the gradients need. It says whose it is and how far the step
// has got, and remembers what the passes were given, so that memory which changed in between is found out.
#pragma once

#include "lstm.h"

namespace standin {

enum class Stage : uint64_t { NOTHING, FORWARD, DATA };

struct ReserveHeader {
    uint64_t mark;
    uint64_t key;
    Stage stage;
    uint64_t x;
    uint64_t y;
    uint64_t initial;
    uint64_t weights;
};

// A number that other bytes hardly have.
uint64_t sumOf(const void* memory, size_t bytes, uint64_t start = 0);
uint64_t keyOf(const Network& network, const Sequences& sequences);
uint64_t sumOfInitial(const Pass& pass);
uint64_t sumOfInput(const Pass& pass, const void* x);
uint64_t sumOfOutput(const Pass& pass, const void* y);
uint64_t sumOfWeights(const Pass& pass);

// What a pass left behind, for each layer, step and sequence.
template <class Real>
struct Kept {
    Real* gates;           // (4, H): i, f, g, o
    Real* cell;            // (H)
    Real* unprojected;     // (H): o tanh(c)
    Real* hidden;          // (P)
    Real* gateGradients;   // (4, H): of what the gates are made of
    Real* hiddenGradient;  // (P)
};

inline size_t keptElements(const Network& network) {
    return 10 * static_cast<size_t>(network.hiddenSize) + 2 * static_cast<size_t>(network.projectionSize);
}

template <class Real>
Kept<Real> keptAt(Real* values, const Network& network, const Sequences& sequences, int layer, int step, int sequence) {
    auto hidden = static_cast<size_t>(network.hiddenSize);
    auto row = static_cast<size_t>(layer) * static_cast<size_t>(sequences.longest) + static_cast<size_t>(step);
    size_t index = row * static_cast<size_t>(sequences.batch) + static_cast<size_t>(sequence);
    Real* at = values + index * keptElements(network);
    return {at,
            at + 4 * hidden,
            at + 5 * hidden,
            at + 10 * hidden,
            at + 6 * hidden,
            at + 10 * hidden + static_cast<size_t>(network.projectionSize)};
}

inline size_t keptElements(const Network& network, const Sequences& sequences) {
    return keptElements(network) * static_cast<size_t>(network.layers) * static_cast<size_t>(sequences.longest)
        * static_cast<size_t>(sequences.batch);
}

}  // namespace standin
