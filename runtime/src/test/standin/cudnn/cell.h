// One layer's weights as one computes with them, and what its cell does in one step of one sequence, forward and back.
#pragma once

#include "reserve.h"

#include <cmath>

namespace standin {

// Rounds as storing does.
template <class Real>
Real rounded(const Network& network, Real value) {
    return network.type == CUDNN_DATA_BFLOAT16 ? Real(fromBfloat16(toBfloat16(static_cast<float>(value)))) : value;
}

// Rounds as the units do that multiply.
template <class Real>
Real operand(const Network& network, Real value) {
    return network.roundsToTf32() ? Real(toTf32(static_cast<float>(value))) : value;
}

// result[j] += sum over i of factors[i] matrix[i][j]
template <class Real>
void accumulate(const Network& network, const std::vector<Real>& matrix, const Real* factors, size_t rows,
                std::vector<Real>& result) {
    for (size_t i = 0; i < rows; i++) {
        Real factor = operand(network, factors[i]);
        const Real* row = &matrix[i * result.size()];
        for (size_t j = 0; j < result.size(); j++) {
            result[j] += factor * row[j];
        }
    }
}

template <class Real>
std::vector<Real> transposed(const std::vector<Real>& matrix, size_t rows, size_t columns) {
    std::vector<Real> result(matrix.size());
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            result[j * rows + i] = matrix[i * columns + j];
        }
    }
    return result;
}

template <class Real>
class Cell {
  public:
    Cell(const Network& network, const void* weights, int layer)
        : network_(network), hidden_(static_cast<size_t>(network.hiddenSize)),
          projection_(static_cast<size_t>(network.projectionSize)), input_(network.layerInput(layer)),
          places_(places(network)[static_cast<size_t>(layer)]) {
        bias_.resize(4 * hidden_);
        add(weights, network.hasInputBias(), places_.inputBias);
        add(weights, network.hasRecurrentBias(), places_.recurrentBias);
        inputMatrix_ = read(weights, places_.inputMatrix, 4 * hidden_ * input_);
        recurrentMatrix_ = read(weights, places_.recurrentMatrix, 4 * hidden_ * projection_);
        inputByColumns_ = transposed(inputMatrix_, 4 * hidden_, input_);
        recurrentByColumns_ = transposed(recurrentMatrix_, 4 * hidden_, projection_);
        if (network.projected()) {
            projectionMatrix_ = read(weights, places_.projection, projection_ * hidden_);
            projectionByColumns_ = transposed(projectionMatrix_, projection_, hidden_);
        }
    }

    void forward(const Real* x, const Real* hiddenBefore, const Real* cellBefore, const Kept<Real>& kept) const {
        std::vector<Real> sums(4 * hidden_);
        accumulate(network_, inputByColumns_, x, input_, sums);
        if (network_.algorithm == CUDNN_RNN_ALGO_STANDARD) {
            std::vector<Real> recurrent(4 * hidden_);
            accumulate(network_, recurrentByColumns_, hiddenBefore, projection_, recurrent);
            for (size_t i = 0; i < sums.size(); i++) {
                sums[i] += recurrent[i];
            }
        } else {
            // Persistent kernels go on with the sums: their last bits differ.
            accumulate(network_, recurrentByColumns_, hiddenBefore, projection_, sums);
        }
        for (size_t i = 0; i < hidden_; i++) {
            Real in = sigmoid(sums[i] + bias_[i]);
            Real forget = sigmoid(sums[hidden_ + i] + bias_[hidden_ + i]);
            Real fresh = std::tanh(sums[2 * hidden_ + i] + bias_[2 * hidden_ + i]);
            Real out = sigmoid(sums[3 * hidden_ + i] + bias_[3 * hidden_ + i]);
            kept.gates[i] = in;
            kept.gates[hidden_ + i] = forget;
            kept.gates[2 * hidden_ + i] = fresh;
            kept.gates[3 * hidden_ + i] = out;
            kept.cell[i] = forget * cellBefore[i] + in * fresh;
            kept.unprojected[i] = rounded(network_, out * std::tanh(kept.cell[i]));
        }
        std::vector<Real> projected(kept.unprojected, kept.unprojected + hidden_);
        if (network_.projected()) {
            projected.assign(projection_, 0);
            accumulate(network_, projectionByColumns_, kept.unprojected, hidden_, projected);
        }
        for (size_t i = 0; i < projection_; i++) {
            kept.hidden[i] = rounded(network_, projected[i]);
        }
    }

    // Replaces the gradients of h and c after the step by those before it, and adds to that of x.
    void backward(const Real* cellBefore, const Kept<Real>& kept, std::vector<Real>& hiddenGradient,
                  std::vector<Real>& cellGradient, std::vector<Real>& inputGradient) const {
        std::copy(hiddenGradient.begin(), hiddenGradient.end(), kept.hiddenGradient);
        std::vector<Real> outer = hiddenGradient;
        if (network_.projected()) {
            outer.assign(hidden_, 0);
            accumulate(network_, projectionMatrix_, hiddenGradient.data(), projection_, outer);
        }
        for (size_t i = 0; i < hidden_; i++) {
            Real in = kept.gates[i];
            Real forget = kept.gates[hidden_ + i];
            Real fresh = kept.gates[2 * hidden_ + i];
            Real out = kept.gates[3 * hidden_ + i];
            Real t = std::tanh(kept.cell[i]);
            Real cell = cellGradient[i] + outer[i] * out * (1 - t * t);
            cellGradient[i] = cell * forget;
            kept.gateGradients[i] = rounded(network_, cell * fresh * in * (1 - in));
            kept.gateGradients[hidden_ + i] = rounded(network_, cell * cellBefore[i] * forget * (1 - forget));
            kept.gateGradients[2 * hidden_ + i] = rounded(network_, cell * in * (1 - fresh * fresh));
            kept.gateGradients[3 * hidden_ + i] = rounded(network_, outer[i] * t * out * (1 - out));
        }
        hiddenGradient.assign(projection_, 0);
        accumulate(network_, recurrentMatrix_, kept.gateGradients, 4 * hidden_, hiddenGradient);
        accumulate(network_, inputMatrix_, kept.gateGradients, 4 * hidden_, inputGradient);
    }

  private:
    static Real sigmoid(Real x) { return 1 / (1 + std::exp(-x)); }

    std::vector<Real> read(const void* weights, size_t begin, size_t count) const {
        std::vector<Real> values(count);
        for (size_t i = 0; i < count; i++) {
            values[i] = operand(network_, load<Real>(weights, network_.number(), begin + i));
        }
        return values;
    }

    void add(const void* weights, bool exists, size_t begin) {
        for (size_t i = 0; exists && i < bias_.size(); i++) {
            bias_[i] += load<Real>(weights, network_.number(), begin + i);
        }
    }

    const Network& network_;
    size_t hidden_;
    size_t projection_;
    size_t input_;
    LayerPlaces places_;
    std::vector<Real> bias_;               // (4 H), of input and state together
    std::vector<Real> inputMatrix_;        // (4 H, E)
    std::vector<Real> recurrentMatrix_;    // (4 H, P)
    std::vector<Real> projectionMatrix_;   // (P, H)
    std::vector<Real> inputByColumns_;     // (E, 4 H)
    std::vector<Real> recurrentByColumns_;  // (P, 4 H)
    std::vector<Real> projectionByColumns_;  // (H, P)
};

}  // namespace standin
