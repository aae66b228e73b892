// The passes, layer by layer and step by step. Source of the formulas: cudnnRNNMode_t,
// https://docs.nvidia.com/deeplearning/cudnn/latest/api/cudnn-adv-library.html
#include "cell.h"

namespace standin {

namespace {

constexpr uint64_t MARK = 0x5354414E44494E52;

size_t wide(int size) { return static_cast<size_t>(size); }

// A pass, with what all three do: reading and writing vectors and states.
template <class Real>
class Run {
  public:
    explicit Run(const Pass& pass)
        : pass_(pass), network_(pass.network), sequences_(pass.sequences), type_(pass.network.number()) {
        if (pass.reserve == nullptr) {
            own_.resize(keptElements(network_, sequences_));
            values_ = own_.data();
        } else {
            values_ = reinterpret_cast<Real*>(static_cast<char*>(pass.reserve) + sizeof(ReserveHeader));
        }
    }

    void forward(const void* x, void* y, const States& last, const Padding& padding) {
        std::vector<Real> inputs = vectors(x, network_.inputSize);
        for (int layer = 0; layer < network_.layers; layer++) {
            Cell<Real> cell(network_, pass_.weights, layer);
            forEachStep([&](int step, int sequence) {
                const Real* input = layer == 0 ? &inputs[sequences_.place(step, sequence) * wide(network_.inputSize)]
                                               : at(layer - 1, step, sequence).hidden;
                cell.forward(input, before(layer, step, sequence).data(), cellBefore(layer, step, sequence).data(),
                             at(layer, step, sequence));
            });
            for (int sequence = 0; sequence < sequences_.batch; sequence++) {
                int end = sequences_.lengths[wide(sequence)];
                put(last.hidden, layer, sequence, before(layer, end, sequence));
                put(last.cell, layer, sequence, cellBefore(layer, end, sequence));
            }
        }
        scribbleOrFill(y, padding);
        forEachStep([&](int step, int sequence) {
            const Real* hidden = at(network_.layers - 1, step, sequence).hidden;
            putVector(y, step, sequence, hidden, network_.projectionSize);
        });
    }

    void backwardData(const BackwardData& memory) {
        std::vector<Real> gradients = vectors(memory.dy, network_.projectionSize);
        for (int layer = network_.layers - 1; layer >= 0; layer--) {
            gradients = backwardLayer(memory, layer, gradients);
        }
        // What the library writes into the padding of dx, its documentation does not say.
        scribble(memory.dx, sequences_.vectors() * wide(network_.inputSize) * bytesOf(type_));
        forEachStep([&](int step, int sequence) {
            const Real* gradient = &gradients[sequences_.place(step, sequence) * wide(network_.inputSize)];
            putVector(memory.dx, step, sequence, gradient, network_.inputSize);
        });
    }

    void backwardWeights(const void* x) {
        std::vector<Real> inputs = vectors(x, network_.inputSize);
        for (int layer = 0; layer < network_.layers; layer++) {
            LayerPlaces where = places(network_)[wide(layer)];
            size_t columns = network_.layerInput(layer);
            size_t gates = 4 * wide(network_.hiddenSize);
            std::vector<Real> ofInput(gates * columns);
            std::vector<Real> ofState(gates * wide(network_.projectionSize));
            std::vector<Real> ofBias(gates);
            size_t projection = network_.projected() ? wide(network_.projectionSize) * wide(network_.hiddenSize) : 0;
            std::vector<Real> ofProjection(projection);
            forEachStep([&](int step, int sequence) {
                Kept<Real> kept = at(layer, step, sequence);
                const Real* input = layer == 0 ? &inputs[sequences_.place(step, sequence) * columns]
                                               : at(layer - 1, step, sequence).hidden;
                outer(kept.gateGradients, input, columns, ofInput);
                outer(kept.gateGradients, before(layer, step, sequence).data(), wide(network_.projectionSize), ofState);
                for (size_t i = 0; i < gates; i++) {
                    ofBias[i] += kept.gateGradients[i];
                }
                outer(kept.hiddenGradient, kept.unprojected, wide(network_.hiddenSize), ofProjection);
            });
            add(where.inputMatrix, ofInput);
            add(where.recurrentMatrix, ofState);
            add(where.projection, ofProjection);
            if (network_.hasInputBias()) {
                add(where.inputBias, ofBias);
            }
            if (network_.hasRecurrentBias()) {
                add(where.recurrentBias, ofBias);
            }
        }
    }

  private:
    std::vector<Real> backwardLayer(const BackwardData& memory, int layer, const std::vector<Real>& gradients) {
        Cell<Real> cell(network_, pass_.weights, layer);
        size_t width = network_.layerInput(layer);
        std::vector<Real> ofInputs(sequences_.vectors() * width);
        for (int sequence = 0; sequence < sequences_.batch; sequence++) {
            std::vector<Real> hidden = state(memory.last.hidden, layer, sequence, network_.projectionSize);
            std::vector<Real> ofCell = state(memory.last.cell, layer, sequence, network_.hiddenSize);
            for (int step = sequences_.lengths[wide(sequence)] - 1; step >= 0; step--) {
                size_t place = sequences_.place(step, sequence);
                for (size_t i = 0; i < hidden.size(); i++) {
                    hidden[i] += gradients[place * hidden.size() + i];
                }
                std::vector<Real> ofInput(width);
                cell.backward(cellBefore(layer, step, sequence).data(), at(layer, step, sequence), hidden, ofCell,
                              ofInput);
                for (size_t i = 0; i < width; i++) {
                    ofInputs[place * width + i] = rounded(network_, ofInput[i]);
                }
            }
            put(memory.initial.hidden, layer, sequence, hidden);
            put(memory.initial.cell, layer, sequence, ofCell);
        }
        return ofInputs;
    }

    template <class Action>
    void forEachStep(Action action) const {
        for (int step = 0; step < sequences_.longest; step++) {
            for (int sequence = 0; sequence < sequences_.batch; sequence++) {
                if (step < sequences_.lengths[wide(sequence)]) {
                    action(step, sequence);
                }
            }
        }
    }

    Kept<Real> at(int layer, int step, int sequence) const {
        return keptAt(values_, network_, sequences_, layer, step, sequence);
    }

    // The hidden state before a step; after the last one, the last.
    std::vector<Real> before(int layer, int step, int sequence) const {
        if (step == 0) {
            return state(pass_.initial.hidden, layer, sequence, network_.projectionSize);
        }
        const Real* hidden = at(layer, step - 1, sequence).hidden;
        return {hidden, hidden + network_.projectionSize};
    }

    std::vector<Real> cellBefore(int layer, int step, int sequence) const {
        if (step == 0) {
            return state(pass_.initial.cell, layer, sequence, network_.hiddenSize);
        }
        const Real* cell = at(layer, step - 1, sequence).cell;
        return {cell, cell + network_.hiddenSize};
    }

    std::vector<Real> state(const void* memory, int layer, int sequence, int width) const {
        std::vector<Real> values(wide(width));
        size_t row = wide(layer) * wide(sequences_.batch) + wide(sequence);
        for (size_t i = 0; memory != nullptr && i < values.size(); i++) {
            values[i] = load<Real>(memory, type_, row * values.size() + i);
        }
        return values;
    }

    void put(void* memory, int layer, int sequence, const std::vector<Real>& values) const {
        size_t row = wide(layer) * wide(sequences_.batch) + wide(sequence);
        for (size_t i = 0; memory != nullptr && i < values.size(); i++) {
            store(memory, type_, row * values.size() + i, values[i]);
        }
    }

    std::vector<Real> vectors(const void* memory, int width) const {
        std::vector<Real> values(sequences_.vectors() * wide(width));
        for (size_t i = 0; i < values.size(); i++) {
            values[i] = load<Real>(memory, type_, i);
        }
        return values;
    }

    void putVector(void* memory, int step, int sequence, const Real* values, int width) const {
        for (size_t i = 0; i < wide(width); i++) {
            store(memory, type_, sequences_.place(step, sequence) * wide(width) + i, values[i]);
        }
    }

    void scribbleOrFill(void* y, const Padding& padding) const {
        size_t count = sequences_.vectors() * wide(network_.projectionSize);
        scribble(y, count * bytesOf(type_));
        for (size_t i = 0; padding.defined && i < count; i++) {
            store(y, type_, i, padding.value);
        }
    }

    // result[i][j] += left[i] right[j]
    void outer(const Real* left, const Real* right, size_t columns, std::vector<Real>& result) const {
        for (size_t i = 0; i < result.size() / columns; i++) {
            Real factor = operand(network_, left[i]);
            for (size_t j = 0; j < columns; j++) {
                result[i * columns + j] += factor * operand(network_, right[j]);
            }
        }
    }

    void add(size_t begin, const std::vector<Real>& gradients) const {
        for (size_t i = 0; i < gradients.size(); i++) {
            store(pass_.weights, type_, begin + i, load<Real>(pass_.weights, type_, begin + i) + gradients[i]);
        }
    }

    const Pass& pass_;
    const Network& network_;
    const Sequences& sequences_;
    Number type_;
    std::vector<Real> own_;
    Real* values_;
};

template <class Action>
void withReal(const Pass& pass, Action action) {
    scribble(pass.workspace, pass.workspaceBytes);
    if (pass.network.type == CUDNN_DATA_DOUBLE) {
        action(Run<double>(pass));
    } else {
        action(Run<float>(pass));
    }
    scribble(pass.workspace, pass.workspaceBytes);
}

ReserveHeader& headerOf(const Pass& pass) { return *static_cast<ReserveHeader*>(pass.reserve); }

// What speaks against going on with a reserve.
const char* objection(const Pass& pass, Stage expected) {
    const ReserveHeader& header = headerOf(pass);
    if (header.mark != MARK) {
        return "the reserve was not written by a training pass, or something overwrote it";
    }
    if (header.key != keyOf(pass.network, pass.sequences)) {
        return "the reserve is that of another network or other sequences";
    }
    if (header.stage != expected) {
        return expected == Stage::FORWARD ? "the gradient of data was computed twice from one forward pass"
                                          : "the gradient of weights comes before that of data";
    }
    if (header.initial != sumOfInitial(pass)) {
        return "the initial states are not those of the forward pass";
    }
    return nullptr;
}

}  // namespace

const char* forward(const Pass& pass, const void* x, void* y, const States& last, const Padding& padding) {
    if (pass.reserve != nullptr) {
        headerOf(pass) = {MARK, keyOf(pass.network, pass.sequences), Stage::FORWARD, sumOfInput(pass, x), 0,
                          sumOfInitial(pass), sumOfWeights(pass)};
    }
    withReal(pass, [&](auto&& run) { run.forward(x, y, last, padding); });
    if (pass.reserve != nullptr) {
        headerOf(pass).y = sumOfOutput(pass, y);
    }
    return nullptr;
}

const char* backwardData(const Pass& pass, const BackwardData& memory) {
    if (const char* reason = objection(pass, Stage::FORWARD)) {
        return reason;
    }
    if (headerOf(pass).weights != sumOfWeights(pass)) {
        return "the weights are not those of the forward pass";
    }
    if (headerOf(pass).y != sumOfOutput(pass, memory.y)) {
        return "y is not what the forward pass wrote";
    }
    headerOf(pass).stage = Stage::DATA;
    withReal(pass, [&](auto&& run) { run.backwardData(memory); });
    return nullptr;
}

const char* backwardWeights(const Pass& pass, const void* x, const void* y) {
    if (const char* reason = objection(pass, Stage::DATA)) {
        return reason;
    }
    if (headerOf(pass).x != sumOfInput(pass, x) || headerOf(pass).y != sumOfOutput(pass, y)) {
        return "x or y are not those of the forward pass";
    }
    withReal(pass, [&](auto&& run) { run.backwardWeights(x); });
    return nullptr;
}

}  // namespace standin
