// What the reserve remembers of the memory that a pass was given.
#include "reserve.h"

namespace standin {

namespace {

size_t wide(int size) { return static_cast<size_t>(size); }

uint64_t mix(uint64_t sum, uint64_t word) {
    sum = (sum ^ word) * 0x9E3779B97F4A7C15u;
    return sum ^ sum >> 29;
}

}  // namespace

uint64_t sumOf(const void* memory, size_t bytes, uint64_t start) {
    const auto* from = static_cast<const unsigned char*>(memory);
    uint64_t sum = mix(start, bytes);
    for (size_t i = 0; i < bytes; i += 8) {
        uint64_t word = 0;
        std::memcpy(&word, from + i, bytes - i < 8 ? bytes - i : 8);
        sum = mix(sum, word);
    }
    return sum;
}

uint64_t keyOf(const Network& network, const Sequences& sequences) {
    const int numbers[] = {network.algorithm,  network.bias,           network.type,        network.math,
                           network.inputSize,  network.hiddenSize,     network.projectionSize, network.layers,
                           sequences.layout,   sequences.longest,      sequences.batch};
    uint64_t sum = sumOf(numbers, sizeof numbers);
    return sumOf(sequences.lengths.data(), sequences.lengths.size() * sizeof(int), sum);
}

uint64_t sumOfInitial(const Pass& pass) {
    size_t rows = wide(pass.network.layers) * wide(pass.sequences.batch) * bytesOf(pass.network.number());
    // The gradients of the weights are not given the cells.
    const void* hidden = pass.initial.hidden;
    return hidden == nullptr ? 0 : sumOf(hidden, rows * wide(pass.network.projectionSize));
}

uint64_t sumOfInput(const Pass& pass, const void* x) {
    return sumOf(x, pass.sequences.vectors() * wide(pass.network.inputSize) * bytesOf(pass.network.number()));
}

uint64_t sumOfOutput(const Pass& pass, const void* y) {
    return sumOf(y, pass.sequences.vectors() * wide(pass.network.projectionSize) * bytesOf(pass.network.number()));
}

uint64_t sumOfWeights(const Pass& pass) {
    return sumOf(pass.weights, weightElements(pass.network) * bytesOf(pass.network.number()));
}

size_t reserveBytes(const Network& network, const Sequences& sequences) {
    size_t real = network.type == CUDNN_DATA_DOUBLE ? sizeof(double) : sizeof(float);
    return (sizeof(ReserveHeader) + keptElements(network, sequences) * real + 255) / 256 * 256;
}

}  // namespace standin
