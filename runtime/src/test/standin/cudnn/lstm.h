// The passes of an LSTM over memory of the device. Each returns what went wrong, or null.
#pragma once

#include "dnn.h"

namespace standin {

// The states that a pass reads or writes, (L, B, P) and (L, B, H); null: zeros, or not wanted.
struct States {
    void* hidden;
    void* cell;
};

// What all passes have in common.
struct Pass {
    Network network;
    Sequences sequences;  // of the input; those of the output differ in their vectors alone
    void* weights;        // or their gradients
    void* workspace;
    size_t workspaceBytes;
    void* reserve;        // null in inference
    States initial;
};

struct Padding {
    bool defined;
    double value;
};

const char* forward(const Pass& pass, const void* x, void* y, const States& last, const Padding& padding);

struct BackwardData {
    const void* y;
    const void* dy;
    void* dx;
    States last;     // gradients of the last states, read
    States initial;  // gradients of the initial states, written
};

const char* backwardData(const Pass& pass, const BackwardData& memory);

// Adds to what lies where the gradients go.
const char* backwardWeights(const Pass& pass, const void* x, const void* y);

}  // namespace standin
