// Where weights lie, and how much memory a network wants. The order is the stand-in's own: within a layer the reverse of
// PyTorch's, with a gap before each part, so that what takes the layout for granted goes wrong.
#include "dnn.h"

namespace standin {

namespace {

constexpr int BAD = CUDNN_STATUS_BAD_PARAM;
constexpr size_t GAP = 24;
constexpr size_t UNIT = 16;

size_t wide(int size) { return static_cast<size_t>(size); }

// The number of a gate among those that read the same, and whether that is the state.
struct Gate {
    size_t number;
    bool ofState;
};

constexpr int PROJECTION = 8;

Gate gate(int linear) { return {static_cast<size_t>(linear % 4), linear >= 4}; }

// Says what a matrix is, or that there is none.
void describe(TensorDescriptor& descriptor, const Network& network, bool exists, size_t rows, size_t columns) {
    descriptor.type = network.type;
    descriptor.sizes.clear();
    descriptor.strides.clear();
    if (exists) {
        descriptor.sizes = {1, static_cast<int>(rows), static_cast<int>(columns)};
        descriptor.strides = {static_cast<int>(rows * columns), static_cast<int>(columns), 1};
    }
}

}  // namespace

std::vector<LayerPlaces> places(const Network& network) {
    size_t next = 0;
    auto take = [&](size_t elements) {
        next = (next + GAP + UNIT - 1) / UNIT * UNIT;
        size_t begin = next;
        next += elements;
        return begin;
    };
    size_t hidden = wide(network.hiddenSize);
    size_t projection = wide(network.projectionSize);
    std::vector<LayerPlaces> all;
    for (int layer = 0; layer < network.layers; layer++) {
        LayerPlaces places = {};
        places.recurrentBias = take(network.hasRecurrentBias() ? 4 * hidden : 0);
        places.recurrentMatrix = take(4 * hidden * projection);
        places.projection = take(network.projected() ? projection * hidden : 0);
        places.inputMatrix = take(4 * hidden * network.layerInput(layer));
        places.inputBias = take(network.hasInputBias() ? 4 * hidden : 0);
        all.push_back(places);
    }
    return all;
}

size_t weightElements(const Network& network) {
    size_t last = network.hasInputBias() ? 4 * wide(network.hiddenSize) : 0;
    return (places(network).back().inputBias + last + GAP + UNIT - 1) / UNIT * UNIT;
}

size_t workspaceBytes(const Network& network, const Sequences& sequences) {
    size_t gates = 4 * wide(network.hiddenSize) * wide(sequences.batch);
    return (gates * (network.algorithm == CUDNN_RNN_ALGO_STANDARD ? wide(sequences.longest) : 2) * 4 + 511) / 256 * 256;
}

}  // namespace standin

using namespace standin;

cudnnStatus_t cudnnGetRNNWeightSpaceSize(cudnnHandle_t handle, cudnnRNNDescriptor_t descriptor, size_t* bytes) {
    return call<cudnnStatus_t>("cudnnGetRNNWeightSpaceSize", listed(handle, descriptor, bytes), [&] {
        objects().find<DnnHandle>(handle, BAD);
        auto found = network(descriptor);
        require(bytes != nullptr, BAD, "no place for the size");
        *bytes = weightElements(*found) * bytesOf(found->number());
    });
}

cudnnStatus_t cudnnGetRNNTempSpaceSizes(cudnnHandle_t handle, cudnnRNNDescriptor_t descriptor, cudnnForwardMode_t mode,
                                        cudnnRNNDataDescriptor_t input, size_t* workspace, size_t* reserve) {
    return call<cudnnStatus_t>(
        "cudnnGetRNNTempSpaceSizes", listed(handle, descriptor, mode, input, workspace, reserve), [&] {
            objects().find<DnnHandle>(handle, BAD);
            auto found = network(descriptor);
            auto batch = sequences(input);
            require(mode == CUDNN_FWD_MODE_INFERENCE || mode == CUDNN_FWD_MODE_TRAINING, BAD, text("no mode", mode));
            require(workspace != nullptr && (reserve != nullptr || mode == CUDNN_FWD_MODE_INFERENCE), BAD,
                    "no place for the sizes");
            require(batch->type == found->type && batch->vectorSize == found->inputSize, BAD,
                    "the sequences are not what the network reads");
            requireSupported(*found, batch->batch);
            *workspace = workspaceBytes(*found, *batch);
            if (reserve != nullptr) {
                *reserve = mode == CUDNN_FWD_MODE_TRAINING ? reserveBytes(*found, *batch) : 0;
            }
        });
}

cudnnStatus_t cudnnGetRNNWeightParams(cudnnHandle_t handle, cudnnRNNDescriptor_t descriptor, int32_t layer,
                                      size_t spaceBytes, const void* space, int32_t linear,
                                      cudnnTensorDescriptor_t matrixDescriptor, void** matrix,
                                      cudnnTensorDescriptor_t biasDescriptor, void** bias) {
    return call<cudnnStatus_t>(
        "cudnnGetRNNWeightParams", listed(handle, descriptor, layer, spaceBytes, space, linear), [&] {
            objects().find<DnnHandle>(handle, BAD);
            auto found = network(descriptor);
            auto ofMatrix = tensor(matrixDescriptor);
            auto ofBias = tensor(biasDescriptor);
            require(matrix != nullptr && bias != nullptr && space != nullptr, BAD, "a pointer is null");
            require(layer >= 0 && layer < found->layers, BAD, text("no layer", layer));
            require(linear >= 0 && linear <= PROJECTION, BAD, text("no linear layer", linear));
            size_t element = bytesOf(found->number());
            require(spaceBytes >= weightElements(*found) * element, BAD, "the weight space is too small");
            LayerPlaces layerPlaces = places(*found)[static_cast<size_t>(layer)];
            auto at = [&](bool exists, size_t place) {
                auto* base = const_cast<char*>(static_cast<const char*>(space));
                return exists ? static_cast<void*>(base + place * element) : nullptr;
            };
            size_t hidden = wide(found->hiddenSize);
            if (linear == PROJECTION) {
                describe(*ofMatrix, *found, found->projected(), wide(found->projectionSize), hidden);
                describe(*ofBias, *found, false, 0, 0);
                *matrix = at(found->projected(), layerPlaces.projection);
                *bias = nullptr;
                return;
            }
            Gate which = gate(linear);
            size_t columns = which.ofState ? wide(found->projectionSize) : found->layerInput(layer);
            bool biased = which.ofState ? found->hasRecurrentBias() : found->hasInputBias();
            describe(*ofMatrix, *found, true, hidden, columns);
            describe(*ofBias, *found, biased, hidden, 1);
            size_t matrices = which.ofState ? layerPlaces.recurrentMatrix : layerPlaces.inputMatrix;
            size_t biases = which.ofState ? layerPlaces.recurrentBias : layerPlaces.inputBias;
            *matrix = at(true, matrices + which.number * hidden * columns);
            *bias = at(biased, biases + which.number * hidden);
        });
}
