// The calls that run a network: what is checked of their arguments, and the work that they hand to the stream.
#include "lstm.h"

#include <algorithm>

namespace standin {

namespace {

constexpr int BAD = CUDNN_STATUS_BAD_PARAM;
constexpr size_t SPACE_ALIGNMENT = 16;

size_t wide(int size) { return static_cast<size_t>(size); }

// Gathers the memory of a call, each piece checked.
class Memory {
  public:
    explicit Memory(size_t element) : element_(element) {}

    void tensor(const char* name, const void* address, size_t elements) {
        require(address != nullptr, BAD, text(name, "is null"));
        add(name, address, elements * element_, element_);
    }

    void optional(const char* name, const void* address, size_t elements) {
        if (address != nullptr) {
            add(name, address, elements * element_, element_);
        }
    }

    void space(const char* name, const void* address, size_t bytes, size_t wanted) {
        require(address != nullptr && bytes >= wanted, BAD, text(name, "has", bytes, "bytes, but takes", wanted));
        add(name, address, wanted, SPACE_ALIGNMENT);
    }

    const std::vector<StandinMemory>& all() const { return all_; }

  private:
    void add(const char* name, const void* address, size_t bytes, size_t alignment) {
        require(reinterpret_cast<uintptr_t>(address) % alignment == 0, CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER,
                text(name, "is at", address, "but must be at a multiple of", alignment));
        all_.push_back({name, address, bytes});
    }

    size_t element_;
    std::vector<StandinMemory> all_;
};

// A network over sequences, and the library that runs it; what every call is told of them.
struct Call {
    std::shared_ptr<DnnHandle> library;
    std::shared_ptr<Network> network;
    std::shared_ptr<Sequences> input;
    std::shared_ptr<Sequences> output;
    const int32_t* deviceLengths;  // null, or a copy of the lengths that the descriptors have

    Call(cudnnHandle_t handle, cudnnRNNDescriptor_t ofNetwork, cudnnRNNDataDescriptor_t ofInput,
         cudnnRNNDataDescriptor_t ofOutput, const int32_t* lengths)
        : library(objects().find<DnnHandle>(handle, BAD)), network(standin::network(ofNetwork)),
          input(sequences(ofInput)), output(sequences(ofOutput)), deviceLengths(lengths) {
        require(input->type == network->type && output->type == network->type, BAD,
                "the sequences are not of the network's data type");
        require(input->vectorSize == network->inputSize, BAD,
                text("x has vectors of", input->vectorSize, "but the network reads", network->inputSize));
        require(output->vectorSize == network->projectionSize, BAD,
                text("y has vectors of", output->vectorSize, "but the network writes", network->projectionSize));
        require(input->layout == output->layout && input->longest == output->longest && input->batch == output->batch
                    && input->lengths == output->lengths,
                BAD, "x and y are not of the same sequences");
        require(network->padded || input->packed(), BAD, "padded sequences, but the network's flags do not allow them");
        requireRunnable(*network, *input);
        // Made up, of the kind that the library may have: a program must not take for granted that all can be captured.
        require(network->algorithm != CUDNN_RNN_ALGO_PERSIST_DYNAMIC || standin_unsafe_call() == CUDA_SUCCESS,
                CUDNN_STATUS_EXECUTION_FAILED, "persistent, dynamic: it cannot be captured");
        require(standin_current_device() == library->device, CUDNN_STATUS_EXECUTION_FAILED,
                "no sound context of the handle's device is current");
    }

    size_t stateElements(cudnnTensorDescriptor_t descriptor, int width, const char* name) const {
        auto found = tensor(descriptor);
        std::vector<int> sizes = {network->layers, input->batch, width};
        std::vector<int> strides = {input->batch * width, width, 1};
        require(found->type == network->type && found->sizes == sizes && found->strides == strides, BAD,
                text(name, "is not contiguous of layers, batch and", width));
        return wide(network->layers) * wide(input->batch) * wide(width);
    }

    size_t vectors(int width) const { return input->vectors() * wide(width); }

    Pass pass(void* weights, void* workspace, void* reserve, States initial) const {
        return {*network, *input, weights, workspace, workspaceBytes(*network, *input), reserve, initial};
    }

    // The spaces of a call: whether it trains decides about the reserve.
    void spaces(Memory& memory, const void* weights, size_t weightBytes, const void* workspace, size_t workspaceSize,
                const void* reserve, size_t reserveSize, bool training) const {
        memory.space("the weight space", weights, weightBytes, weightElements(*network) * bytesOf(network->number()));
        memory.space("the workspace", workspace, workspaceSize, workspaceBytes(*network, *input));
        if (training) {
            memory.space("the reserve", reserve, reserveSize, reserveBytes(*network, *input));
        }
        if (deviceLengths != nullptr) {
            memory.space("the lengths on the device", deviceLengths, wide(input->batch) * sizeof(int32_t),
                         wide(input->batch) * sizeof(int32_t));
        }
    }

    template <class Work>
    void run(const char* name, const Memory& memory, Work work) const {
        auto checked = [lengths = input->lengths, deviceLengths = deviceLengths, work]() -> const char* {
            bool same = deviceLengths == nullptr || std::equal(lengths.begin(), lengths.end(), deviceLengths);
            return same ? work() : "the lengths on the device are not those of the descriptors";
        };
        submit(library->stream, name, memory.all(), checked, CUDNN_STATUS_EXECUTION_FAILED);
    }
};

}  // namespace

}  // namespace standin

using namespace standin;

cudnnStatus_t cudnnRNNForward(cudnnHandle_t handle, cudnnRNNDescriptor_t ofNetwork, cudnnForwardMode_t mode,
                              const int32_t deviceLengths[], cudnnRNNDataDescriptor_t ofX, const void* x,
                              cudnnRNNDataDescriptor_t ofY, void* y, cudnnTensorDescriptor_t ofHidden, const void* hx,
                              void* hy, cudnnTensorDescriptor_t ofCell, const void* cx, void* cy, size_t weightBytes,
                              const void* weights, size_t workspaceSize, void* workspace, size_t reserveSize,
                              void* reserve) {
    return call<cudnnStatus_t>(
        "cudnnRNNForward",
        listed(handle, ofNetwork, mode, deviceLengths, ofX, x, ofY, y, ofHidden, hx, hy, ofCell, cx, cy, weightBytes,
               weights, workspaceSize, workspace, reserveSize, reserve),
        [&] {
            Call asked(handle, ofNetwork, ofX, ofY, deviceLengths);
            require(mode == CUDNN_FWD_MODE_INFERENCE || mode == CUDNN_FWD_MODE_TRAINING, BAD, text("no mode", mode));
            bool training = mode == CUDNN_FWD_MODE_TRAINING;
            size_t hidden = asked.stateElements(ofHidden, asked.network->projectionSize, "the hidden state");
            size_t cell = asked.stateElements(ofCell, asked.network->hiddenSize, "the cell state");
            Memory memory(bytesOf(asked.network->number()));
            memory.tensor("x", x, asked.vectors(asked.network->inputSize));
            memory.tensor("y", y, asked.vectors(asked.network->projectionSize));
            memory.optional("hx", hx, hidden);
            memory.optional("hy", hy, hidden);
            memory.optional("cx", cx, cell);
            memory.optional("cy", cy, cell);
            asked.spaces(memory, weights, weightBytes, workspace, workspaceSize, reserve, reserveSize, training);
            Pass pass = asked.pass(const_cast<void*>(weights), workspace, training ? reserve : nullptr,
                                   {const_cast<void*>(hx), const_cast<void*>(cx)});
            Padding padding = {asked.output->filled, asked.output->fill};
            asked.run("cudnnRNNForward", memory, [=] { return forward(pass, x, y, {hy, cy}, padding); });
        });
}

cudnnStatus_t cudnnRNNBackwardData_v8(cudnnHandle_t handle, cudnnRNNDescriptor_t ofNetwork,
                                      const int32_t deviceLengths[], cudnnRNNDataDescriptor_t ofY, const void* y,
                                      const void* dy, cudnnRNNDataDescriptor_t ofX, void* dx,
                                      cudnnTensorDescriptor_t ofHidden, const void* hx, const void* dhy, void* dhx,
                                      cudnnTensorDescriptor_t ofCell, const void* cx, const void* dcy, void* dcx,
                                      size_t weightBytes, const void* weights, size_t workspaceSize, void* workspace,
                                      size_t reserveSize, void* reserve) {
    return call<cudnnStatus_t>(
        "cudnnRNNBackwardData_v8",
        listed(handle, ofNetwork, deviceLengths, ofY, y, dy, ofX, dx, ofHidden, hx, dhy, dhx, ofCell, cx, dcy, dcx,
               weightBytes, weights, workspaceSize, workspace, reserveSize, reserve),
        [&] {
            Call asked(handle, ofNetwork, ofX, ofY, deviceLengths);
            size_t hidden = asked.stateElements(ofHidden, asked.network->projectionSize, "the hidden state");
            size_t cell = asked.stateElements(ofCell, asked.network->hiddenSize, "the cell state");
            Memory memory(bytesOf(asked.network->number()));
            memory.tensor("y", y, asked.vectors(asked.network->projectionSize));
            memory.tensor("dy", dy, asked.vectors(asked.network->projectionSize));
            memory.tensor("dx", dx, asked.vectors(asked.network->inputSize));
            memory.optional("hx", hx, hidden);
            memory.optional("dhy", dhy, hidden);
            memory.optional("dhx", dhx, hidden);
            memory.optional("cx", cx, cell);
            memory.optional("dcy", dcy, cell);
            memory.optional("dcx", dcx, cell);
            asked.spaces(memory, weights, weightBytes, workspace, workspaceSize, reserve, reserveSize, true);
            Pass pass = asked.pass(const_cast<void*>(weights), workspace, reserve,
                                   {const_cast<void*>(hx), const_cast<void*>(cx)});
            BackwardData gradients = {y, dy, dx, {const_cast<void*>(dhy), const_cast<void*>(dcy)}, {dhx, dcx}};
            asked.run("cudnnRNNBackwardData_v8", memory, [=] { return backwardData(pass, gradients); });
        });
}

cudnnStatus_t cudnnRNNBackwardWeights_v8(cudnnHandle_t handle, cudnnRNNDescriptor_t ofNetwork, cudnnWgradMode_t mode,
                                         const int32_t deviceLengths[], cudnnRNNDataDescriptor_t ofX, const void* x,
                                         cudnnTensorDescriptor_t ofHidden, const void* hx,
                                         cudnnRNNDataDescriptor_t ofY, const void* y, size_t weightBytes,
                                         void* dWeights, size_t workspaceSize, void* workspace, size_t reserveSize,
                                         void* reserve) {
    return call<cudnnStatus_t>(
        "cudnnRNNBackwardWeights_v8",
        listed(handle, ofNetwork, mode, deviceLengths, ofX, x, ofHidden, hx, ofY, y, weightBytes, dWeights,
               workspaceSize, workspace, reserveSize, reserve),
        [&] {
            Call asked(handle, ofNetwork, ofX, ofY, deviceLengths);
            require(mode == CUDNN_WGRAD_MODE_ADD, BAD, "the library only adds to the gradients of weights");
            size_t hidden = asked.stateElements(ofHidden, asked.network->projectionSize, "the hidden state");
            Memory memory(bytesOf(asked.network->number()));
            memory.tensor("x", x, asked.vectors(asked.network->inputSize));
            memory.tensor("y", y, asked.vectors(asked.network->projectionSize));
            memory.optional("hx", hx, hidden);
            asked.spaces(memory, dWeights, weightBytes, workspace, workspaceSize, reserve, reserveSize, true);
            Pass pass = asked.pass(dWeights, workspace, reserve, {const_cast<void*>(hx), nullptr});
            asked.run("cudnnRNNBackwardWeights_v8", memory, [=] { return backwardWeights(pass, x, y); });
        });
}
