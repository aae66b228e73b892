// What the stand-in for cuDNN's recurrent networks knows: descriptors, and what they say together.
#pragma once

#pragma GCC visibility push(default)
#include <cudnn.h>
#pragma GCC visibility pop

#include "../vendor/calls.h"
#include "../vendor/numbers.h"

namespace standin {

Objects& objects();

struct DnnHandle : VendorObject {
    int device = 0;
    CUstream stream = nullptr;
    const char* kind() const override { return "cudnnHandle"; }
};

struct TensorDescriptor : VendorObject {
    cudnnDataType_t type = CUDNN_DATA_FLOAT;
    std::vector<int> sizes;  // none before it was set, or where a network has no such matrix
    std::vector<int> strides;
    const char* kind() const override { return "cudnnTensorDescriptor"; }
};

// An LSTM as it was described; in one direction, its first layer linear, without dropout.
struct Network : VendorObject {
    bool described = false;
    cudnnRNNAlgo_t algorithm = CUDNN_RNN_ALGO_STANDARD;
    cudnnRNNBiasMode_t bias = CUDNN_RNN_DOUBLE_BIAS;
    cudnnDataType_t type = CUDNN_DATA_FLOAT;
    cudnnMathType_t math = CUDNN_DEFAULT_MATH;
    int inputSize = 0;
    int hiddenSize = 0;
    int projectionSize = 0;
    int layers = 0;
    bool padded = false;
    int builtFor = 0;  // the batch that cudnnBuildRNNDynamic was given
    const char* kind() const override { return "cudnnRNNDescriptor"; }

    Number number() const;
    bool projected() const { return projectionSize < hiddenSize; }
    bool hasInputBias() const { return bias == CUDNN_RNN_SINGLE_INP_BIAS || bias == CUDNN_RNN_DOUBLE_BIAS; }
    bool hasRecurrentBias() const { return bias == CUDNN_RNN_SINGLE_REC_BIAS || bias == CUDNN_RNN_DOUBLE_BIAS; }
    // Whether units round operands to TF32: by default they do.
    bool roundsToTf32() const { return type == CUDNN_DATA_FLOAT && math != CUDNN_FMA_MATH; }
    size_t layerInput(int layer) const { return static_cast<size_t>(layer == 0 ? inputSize : projectionSize); }
};

struct Sequences : VendorObject {
    bool described = false;
    cudnnDataType_t type = CUDNN_DATA_FLOAT;
    cudnnRNNDataLayout_t layout = CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED;
    int longest = 0;
    int batch = 0;
    int vectorSize = 0;
    std::vector<int> lengths;
    bool filled = false;  // whether padding has a defined value
    double fill = 0;
    const char* kind() const override { return "cudnnRNNDataDescriptor"; }

    bool packed() const { return layout == CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED; }
    bool equalLengths() const;
    size_t vectors() const;  // in memory
    size_t place(int step, int sequence) const;  // of a vector among them
};

// Ends in the status for a network that the algorithm or the device does not have.
void requireSupported(const Network& network, int batch);
// The same for what the library finds out when the network runs.
void requireRunnable(const Network& network, const Sequences& sequences);

// Where a layer's weights lie in the weight space, in elements. Gates of one kind lie one after another: i, f, g, o.
struct LayerPlaces {
    size_t recurrentBias;    // (4, H)
    size_t recurrentMatrix;  // (4, H, P)
    size_t projection;       // (P, H)
    size_t inputMatrix;      // (4, H, E or P)
    size_t inputBias;        // (4, H)
};

std::vector<LayerPlaces> places(const Network& network);
size_t weightElements(const Network& network);

size_t workspaceBytes(const Network& network, const Sequences& sequences);
size_t reserveBytes(const Network& network, const Sequences& sequences);

std::shared_ptr<Network> network(cudnnRNNDescriptor_t handle);
std::shared_ptr<Sequences> sequences(cudnnRNNDataDescriptor_t handle);
std::shared_ptr<TensorDescriptor> tensor(cudnnTensorDescriptor_t handle);

}  // namespace standin
