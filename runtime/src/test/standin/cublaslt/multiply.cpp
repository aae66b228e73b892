// The arithmetic: operands are rounded as the compute type says, and sums are in single precision, of doubles in double.
#include "lt.h"

#include <cmath>

namespace standin {

namespace {

// The tanh form, which is the only one the library has.
template <class Real>
Real gelu(Real x) {
    Real inner = Real(0.7978845608028654) * (x + Real(0.044715) * x * x * x);
    return Real(0.5) * x * (1 + std::tanh(inner));
}

template <class Real>
Real geluDerivative(Real x) {
    Real inner = Real(0.7978845608028654) * (x + Real(0.044715) * x * x * x);
    Real slope = Real(0.7978845608028654) * (1 + 3 * Real(0.044715) * x * x);
    Real t = std::tanh(inner);
    return Real(0.5) * (1 + t) + Real(0.5) * x * (1 - t * t) * slope;
}

bool bit(const void* mask, size_t index) {
    return (static_cast<const uint8_t*>(mask)[index / 8] >> index % 8 & 1) != 0;
}

void setBit(void* mask, size_t index, bool value) {
    uint8_t& byte = static_cast<uint8_t*>(mask)[index / 8];
    auto single = static_cast<uint8_t>(1 << index % 8);
    byte = static_cast<uint8_t>(value ? byte | single : byte & ~single);
}

// One product of a batch, of matrices that begin at the operands' addresses.
template <class Real>
class Multiplication {
  public:
    Multiplication(const Product& product, const Operands& operands, size_t index)
        : product_(product), operands_(operands), index_(index), sums_(product.m) {}

    void run(Real alpha, Real beta, Parts parts) {
        std::vector<Real> left = columns(product_.a, operands_.a);
        for (size_t column = 0; column < product_.n; column++) {
            std::vector<Real> sum = multiplyColumn(left, column, parts);
            for (size_t row = 0; row < product_.m; row++) {
                Real z = alpha * sum[row];
                if (beta != 0) {
                    z += beta * load<Real>(operands_.c, product_.c.type, place(product_.c, row, column));
                }
                Real y = epilogue(z, row, column);
                sums_[row] += y;
                store(operands_.d, product_.d.type, place(product_.d, row, column), y);
            }
        }
        storeSums(left);
    }

  private:
    size_t place(const Matrix& matrix, size_t row, size_t column) const {
        return index_ * matrix.batchStride + row * matrix.rowStride + column * matrix.columnStride;
    }

    Real operand(const Matrix& matrix, const void* memory, size_t row, size_t column) const {
        Real value = load<Real>(memory, matrix.type, place(matrix, row, column));
        return product_.roundToTf32 ? toTf32(static_cast<float>(value)) : value;
    }

    // All of a matrix, column by column.
    std::vector<Real> columns(const Matrix& matrix, const void* memory) const {
        std::vector<Real> values;
        values.reserve(matrix.rows * matrix.columns);
        for (size_t column = 0; column < matrix.columns; column++) {
            for (size_t row = 0; row < matrix.rows; row++) {
                values.push_back(operand(matrix, memory, row, column));
            }
        }
        return values;
    }

    std::vector<Real> multiplyColumn(const std::vector<Real>& left, size_t column, Parts parts) const {
        std::vector<Real> sum(product_.m);
        for (size_t turn = 0; turn < parts.count; turn++) {
            size_t part = (parts.first + turn) % parts.count;
            std::vector<Real> partial(product_.m);
            for (size_t p = product_.k * part / parts.count; p < product_.k * (part + 1) / parts.count; p++) {
                Real factor = operand(product_.b, operands_.b, p, column);
                const Real* from = &left[p * product_.m];
                for (size_t row = 0; row < product_.m; row++) {
                    partial[row] += from[row] * factor;
                }
            }
            for (size_t row = 0; row < product_.m; row++) {
                sum[row] += partial[row];
            }
        }
        return sum;
    }

    Real epilogue(Real z, size_t row, size_t column) const {
        if (product_.epilogue.vector == VectorUse::BIAS) {
            z += load<Real>(operands_.vector, product_.d.type, index_ * product_.vectorStride + row);
        }
        size_t auxiliary =
            index_ * product_.auxiliaryStride + column * product_.auxiliaryLeadingDimension + row;
        switch (product_.epilogue.activation) {
            case Activation::RELU:
                if (product_.epilogue.auxiliary) {
                    setBit(operands_.auxiliary, auxiliary, z > 0);
                }
                return z > 0 ? z : 0;  // also for NaN, as the library does it
            case Activation::GELU:
                if (product_.epilogue.auxiliary) {
                    store(operands_.auxiliary, product_.d.type, auxiliary, z);
                }
                return gelu(z);
            case Activation::RELU_GRADIENT:
                return bit(operands_.auxiliary, auxiliary) ? z : 0;
            case Activation::GELU_GRADIENT:
                return z * geluDerivative(load<Real>(operands_.auxiliary, product_.d.type, auxiliary));
            default:
                return z;
        }
    }

    void storeSums(const std::vector<Real>& left) {
        if (product_.epilogue.vector == VectorUse::SUM_OF_A) {
            sums_.assign(product_.m, 0);
            for (size_t i = 0; i < left.size(); i++) {
                sums_[i % product_.m] += left[i];
            }
        } else if (product_.epilogue.vector == VectorUse::SUM_OF_B) {
            sums_.assign(product_.n, 0);
            std::vector<Real> right = columns(product_.b, operands_.b);
            for (size_t i = 0; i < right.size(); i++) {
                sums_[i / product_.k] += right[i];
            }
        } else if (product_.epilogue.vector != VectorUse::SUM_OF_D) {
            return;
        }
        for (size_t i = 0; i < sums_.size(); i++) {
            store(operands_.vector, product_.d.type, index_ * product_.vectorStride + i, sums_[i]);
        }
    }

    const Product& product_;
    const Operands& operands_;
    size_t index_;
    std::vector<Real> sums_;
};

}  // namespace

void multiply(const Product& product, const Operands& operands, double alpha, double beta, Parts parts) {
    for (size_t index = 0; index < product.batch; index++) {
        if (product.d.type == Number::DOUBLE) {
            Multiplication<double>(product, operands, index).run(alpha, beta, parts);
        } else {
            Multiplication<float>(product, operands, index)
                .run(static_cast<float>(alpha), static_cast<float>(beta), parts);
        }
    }
}

}  // namespace standin
