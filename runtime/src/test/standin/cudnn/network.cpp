// Networks, and which of them each algorithm has. What cudnnSetRNNDescriptor_v8 refuses is what cuDNN 9.24 refuses; the
// limits on sizes are made up, of the kind that the library has, so that programs meet refusals wherever it may refuse.
#include "dnn.h"

namespace standin {

namespace {

constexpr int BAD = CUDNN_STATUS_BAD_PARAM;
constexpr int UNSUPPORTED = CUDNN_STATUS_NOT_SUPPORTED;

constexpr int MOST_STATIC = 1024;
constexpr int MOST_STATIC_BATCH = 128;
constexpr int MOST_DYNAMIC = 2048;
constexpr int MOST_SMALL = 256;

// Whether an algorithm computes with these types.
bool computes(cudnnRNNAlgo_t algorithm, cudnnDataType_t type, cudnnDataType_t precision) {
    switch (type) {
        case CUDNN_DATA_FLOAT:
        case CUDNN_DATA_BFLOAT16:
            return precision == CUDNN_DATA_FLOAT;
        case CUDNN_DATA_DOUBLE:
            return precision == CUDNN_DATA_DOUBLE && algorithm != CUDNN_RNN_ALGO_PERSIST_STATIC_SMALL_H;
        default:
            return false;  // the library has half precision, too
    }
}

}  // namespace

Number Network::number() const {
    return type == CUDNN_DATA_FLOAT      ? Number::FLOAT
           : type == CUDNN_DATA_BFLOAT16 ? Number::BFLOAT16
                                         : Number::DOUBLE;
}

std::shared_ptr<Network> network(cudnnRNNDescriptor_t handle) {
    auto found = objects().find<Network>(handle, BAD);
    require(found->described, BAD, "the network has not been described");
    return found;
}

void requireSupported(const Network& network, int batch) {
    if (network.algorithm == CUDNN_RNN_ALGO_PERSIST_STATIC) {
        require(network.hiddenSize <= MOST_STATIC && batch <= MOST_STATIC_BATCH, UNSUPPORTED,
                text("persistent, static: a state of", network.hiddenSize, "in batches of", batch, "does not fit"));
    }
    if (network.algorithm == CUDNN_RNN_ALGO_PERSIST_DYNAMIC) {
        require(network.builtFor == batch, BAD,
                text("persistent, dynamic: built for a batch of", network.builtFor, "not", batch));
    }
}

void requireRunnable(const Network& network, const Sequences& sequences) {
    requireSupported(network, sequences.batch);
    if (network.algorithm == CUDNN_RNN_ALGO_PERSIST_STATIC_SMALL_H) {
        require(network.hiddenSize <= MOST_SMALL, UNSUPPORTED,
                text("persistent, small: a state of", network.hiddenSize, "is more than", MOST_SMALL));
        require(sequences.equalLengths(), UNSUPPORTED, "persistent, small: sequences of several lengths");
    }
}

}  // namespace standin

using namespace standin;

cudnnStatus_t cudnnCreateRNNDescriptor(cudnnRNNDescriptor_t* out) {
    return call<cudnnStatus_t>("cudnnCreateRNNDescriptor", listed(out), [&] {
        require(out != nullptr, BAD, "no place for the descriptor");
        *out = objects().add<cudnnRNNDescriptor_t>(std::make_shared<Network>());
    });
}

cudnnStatus_t cudnnDestroyRNNDescriptor(cudnnRNNDescriptor_t descriptor) {
    return call<cudnnStatus_t>("cudnnDestroyRNNDescriptor", listed(descriptor), [&] {
        if (descriptor != nullptr) {
            objects().remove<Network>(descriptor, BAD);
        }
    });
}

cudnnStatus_t cudnnSetRNNDescriptor_v8(cudnnRNNDescriptor_t descriptor, cudnnRNNAlgo_t algorithm, cudnnRNNMode_t cell,
                                       cudnnRNNBiasMode_t bias, cudnnDirectionMode_t direction,
                                       cudnnRNNInputMode_t input, cudnnDataType_t type, cudnnDataType_t precision,
                                       cudnnMathType_t math, int32_t inputSize, int32_t hiddenSize,
                                       int32_t projectionSize, int32_t layers, cudnnDropoutDescriptor_t dropout,
                                       uint32_t flags) {
    return call<cudnnStatus_t>(
        "cudnnSetRNNDescriptor_v8",
        listed(descriptor, algorithm, cell, bias, direction, input, type, precision, math, inputSize, hiddenSize,
               projectionSize, layers, dropout, flags),
        [&] {
            auto found = objects().find<Network>(descriptor, BAD);
            require(algorithm >= 0 && algorithm < CUDNN_RNN_ALGO_COUNT, BAD, text("no algorithm", algorithm));
            require(bias >= CUDNN_RNN_NO_BIAS && bias <= CUDNN_RNN_SINGLE_REC_BIAS, BAD, text("no bias mode", bias));
            require(math >= CUDNN_DEFAULT_MATH && math <= CUDNN_FMA_MATH, BAD, text("no math type", math));
            require(inputSize >= 1 && hiddenSize >= 1 && layers >= 1 && projectionSize >= 1, BAD,
                    text("sizes", inputSize, hiddenSize, projectionSize, "in", layers, "layers"));
            require((flags & ~CUDNN_RNN_PADDED_IO_ENABLED) == 0, BAD, text("flags", flags));
            require(computes(algorithm, type, precision), UNSUPPORTED,
                    text("algorithm", algorithm, "with data type", type, "and precision", precision));
            require(projectionSize <= hiddenSize, UNSUPPORTED, "the projection is wider than the state");
            require(projectionSize == hiddenSize || algorithm == CUDNN_RNN_ALGO_STANDARD, UNSUPPORTED,
                    "only the standard algorithm has projections");
            require(cell == CUDNN_LSTM && direction == CUDNN_UNIDIRECTIONAL && input == CUDNN_LINEAR_INPUT
                        && dropout == nullptr,
                    UNSUPPORTED, "the stand-in has LSTMs alone, in one direction, without skipping and dropout");
            found->described = true;
            found->algorithm = algorithm;
            found->bias = bias;
            found->type = type;
            found->math = math;
            found->inputSize = inputSize;
            found->hiddenSize = hiddenSize;
            found->projectionSize = projectionSize;
            found->layers = layers;
            found->padded = (flags & CUDNN_RNN_PADDED_IO_ENABLED) != 0;
            found->builtFor = 0;
        });
}

cudnnStatus_t cudnnBuildRNNDynamic(cudnnHandle_t handle, cudnnRNNDescriptor_t descriptor, int batch) {
    return call<cudnnStatus_t>("cudnnBuildRNNDynamic", listed(handle, descriptor, batch), [&] {
        objects().find<DnnHandle>(handle, BAD);
        auto found = network(descriptor);
        require(found->algorithm == CUDNN_RNN_ALGO_PERSIST_DYNAMIC && batch > 0, BAD,
                "only the persistent, dynamic algorithm is built, for batches of some sequences");
        require(standin_unsafe_call() == CUDA_SUCCESS, CUDNN_STATUS_INTERNAL_ERROR, "a stream is being captured");
        require(found->hiddenSize <= MOST_DYNAMIC && found->type != CUDNN_DATA_BFLOAT16, UNSUPPORTED,
                text("persistent, dynamic: a state of", found->hiddenSize, "in data type", found->type));
        found->builtFor = batch;
    });
}
