// The rules for descriptors: https://docs.nvidia.com/cuda/cublas/#cublasltmatmul and the comments of cublasLt.h.
#include "lt.h"

#include <climits>
#include <optional>

namespace standin {

namespace {

constexpr int INVALID = CUBLAS_STATUS_INVALID_VALUE;
constexpr int UNSUPPORTED = CUBLAS_STATUS_NOT_SUPPORTED;

// The rows of the vendor's table of types that the stand-in has. C, bias and auxiliary matrix are of D's type.
struct Types {
    int compute;
    int scale;
    int operands;
    int result;
};

constexpr Types SUPPORTED[] = {
    {CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_32F, CUDA_R_32F},
    {CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_16BF, CUDA_R_16BF},
    {CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_16BF, CUDA_R_32F},
    {CUBLAS_COMPUTE_32F_PEDANTIC, CUDA_R_32F, CUDA_R_32F, CUDA_R_32F},
    {CUBLAS_COMPUTE_32F_PEDANTIC, CUDA_R_32F, CUDA_R_16BF, CUDA_R_16BF},
    {CUBLAS_COMPUTE_32F_PEDANTIC, CUDA_R_32F, CUDA_R_16BF, CUDA_R_32F},
    {CUBLAS_COMPUTE_32F_FAST_TF32, CUDA_R_32F, CUDA_R_32F, CUDA_R_32F},
    {CUBLAS_COMPUTE_64F, CUDA_R_64F, CUDA_R_64F, CUDA_R_64F},
    {CUBLAS_COMPUTE_64F_PEDANTIC, CUDA_R_64F, CUDA_R_64F, CUDA_R_64F},
};

void requireTypes(const MatmulDescriptor& operation, const MatrixLayout& a, const MatrixLayout& b,
                  const MatrixLayout& c, const MatrixLayout& d) {
    for (const Types& each : SUPPORTED) {
        auto operands = static_cast<uint32_t>(each.operands);
        auto result = static_cast<uint32_t>(each.result);
        if (each.compute == operation.computeType && each.scale == operation.scaleType && a.type == operands
            && b.type == operands && c.type == result && d.type == result) {
            return;
        }
    }
    throw Refusal{UNSUPPORTED, text("no product of the types", a.type, b.type, c.type, d.type, "in compute type",
                                    operation.computeType, "and scale type", operation.scaleType)};
}

Number number(uint32_t type) {
    return type == CUDA_R_16BF ? Number::BFLOAT16 : type == CUDA_R_32F ? Number::FLOAT : Number::DOUBLE;
}

// A matrix as its layout says it lies, transposed if asked for.
Matrix matrix(const char* name, const MatrixLayout& layout, bool transposed, int32_t batch) {
    require(layout.rows > 0 && layout.columns > 0 && layout.rows <= INT_MAX && layout.columns <= INT_MAX, INVALID,
            text(name, "is", layout.rows, "x", layout.columns));
    require(layout.order == CUBLASLT_ORDER_COL || layout.order == CUBLASLT_ORDER_ROW, UNSUPPORTED,
            text("the stand-in knows rows and columns, not the order", layout.order, "of", name));
    require(layout.planeOffset == 0 && layout.batchMode == 0, UNSUPPORTED,
            text(name, "is planar, or its batch not strided"));
    bool byColumns = layout.order == CUBLASLT_ORDER_COL;
    uint64_t least = byColumns ? layout.rows : layout.columns;
    require(layout.leadingDimension > 0 && static_cast<uint64_t>(layout.leadingDimension) >= least, INVALID,
            text("the leading dimension of", name, "is", layout.leadingDimension, "but must be at least", least));
    require(layout.batch == batch, INVALID, text(name, "has a batch of", layout.batch, "but D one of", batch));
    require(layout.batchStride >= 0, INVALID, text("the batch stride of", name, "is negative"));
    auto leading = static_cast<size_t>(layout.leadingDimension);
    Matrix made = {number(layout.type),
                   layout.rows,
                   layout.columns,
                   byColumns ? 1 : leading,
                   byColumns ? leading : 1,
                   static_cast<size_t>(layout.batchStride)};
    if (transposed) {
        std::swap(made.rows, made.columns);
        std::swap(made.rowStride, made.columnStride);
    }
    return made;
}

bool transposed(const char* name, int32_t operation) {
    require(operation == CUBLAS_OP_N || operation == CUBLAS_OP_T || operation == CUBLAS_OP_C, INVALID,
            text("no operation", operation, "for", name));
    return operation != CUBLAS_OP_N;
}

std::optional<Epilogue> epilogue(uint32_t code) {
    switch (code) {
        case CUBLASLT_EPILOGUE_DEFAULT: return Epilogue{Activation::NONE, VectorUse::NONE, false};
        case CUBLASLT_EPILOGUE_BIAS: return Epilogue{Activation::NONE, VectorUse::BIAS, false};
        case CUBLASLT_EPILOGUE_RELU: return Epilogue{Activation::RELU, VectorUse::NONE, false};
        case CUBLASLT_EPILOGUE_RELU_BIAS: return Epilogue{Activation::RELU, VectorUse::BIAS, false};
        case CUBLASLT_EPILOGUE_RELU_AUX: return Epilogue{Activation::RELU, VectorUse::NONE, true};
        case CUBLASLT_EPILOGUE_RELU_AUX_BIAS: return Epilogue{Activation::RELU, VectorUse::BIAS, true};
        case CUBLASLT_EPILOGUE_DRELU: return Epilogue{Activation::RELU_GRADIENT, VectorUse::NONE, true};
        case CUBLASLT_EPILOGUE_DRELU_BGRAD: return Epilogue{Activation::RELU_GRADIENT, VectorUse::SUM_OF_D, true};
        case CUBLASLT_EPILOGUE_GELU: return Epilogue{Activation::GELU, VectorUse::NONE, false};
        case CUBLASLT_EPILOGUE_GELU_BIAS: return Epilogue{Activation::GELU, VectorUse::BIAS, false};
        case CUBLASLT_EPILOGUE_GELU_AUX: return Epilogue{Activation::GELU, VectorUse::NONE, true};
        case CUBLASLT_EPILOGUE_GELU_AUX_BIAS: return Epilogue{Activation::GELU, VectorUse::BIAS, true};
        case CUBLASLT_EPILOGUE_DGELU: return Epilogue{Activation::GELU_GRADIENT, VectorUse::NONE, true};
        case CUBLASLT_EPILOGUE_DGELU_BGRAD: return Epilogue{Activation::GELU_GRADIENT, VectorUse::SUM_OF_D, true};
        case CUBLASLT_EPILOGUE_BGRADA: return Epilogue{Activation::NONE, VectorUse::SUM_OF_A, false};
        case CUBLASLT_EPILOGUE_BGRADB: return Epilogue{Activation::NONE, VectorUse::SUM_OF_B, false};
        default: return std::nullopt;
    }
}

bool masks(Activation activation) { return activation == Activation::RELU || activation == Activation::RELU_GRADIENT; }

void describeVector(const MatmulDescriptor& operation, const MatrixLayout& d, Product& product) {
    require(operation.biasType == -1 || static_cast<uint32_t>(operation.biasType) == d.type, INVALID,
            text("the epilogue's vector is of type", operation.biasType, "but D of type", d.type));
    product.vectorLength = product.epilogue.vector == VectorUse::SUM_OF_B ? product.n : product.m;
    product.vectorStride = static_cast<size_t>(operation.biasBatchStride);
    bool shared = product.batch == 1 || (product.epilogue.vector == VectorUse::BIAS && operation.biasBatchStride == 0);
    require(shared || operation.biasBatchStride >= static_cast<int64_t>(product.vectorLength), INVALID,
            "the epilogue's vectors of a batch overlap");
}

void describeAuxiliary(const MatmulDescriptor& operation, const MatrixLayout& d, Product& product) {
    bool mask = masks(product.epilogue.activation);
    int64_t unit = mask ? 128 : 8;
    int64_t leading = operation.auxiliaryLeadingDimension;
    require(leading >= static_cast<int64_t>(product.m) && leading % unit == 0, INVALID,
            text("the auxiliary leading dimension is", leading, "but must be a multiple of", unit, "and at least",
                 product.m));
    require(mask || operation.auxiliaryType == -1 || static_cast<uint32_t>(operation.auxiliaryType) == d.type, INVALID,
            text("the auxiliary matrix is of type", operation.auxiliaryType, "but D of type", d.type));
    int64_t stride = operation.auxiliaryBatchStride;
    bool apart = stride >= leading * static_cast<int64_t>(product.n) && stride % unit == 0;
    require(product.batch == 1 || apart, INVALID,
            text("the auxiliary batch stride is", stride, "but must be a multiple of", unit, "and not overlap"));
    product.auxiliaryLeadingDimension = static_cast<size_t>(leading);
    product.auxiliaryStride = static_cast<size_t>(stride);
}

}  // namespace

size_t Product::auxiliaryBytes() const {
    if (!epilogue.auxiliary) {
        return 0;
    }
    size_t elements = (batch - 1) * auxiliaryStride + n * auxiliaryLeadingDimension;
    return masks(epilogue.activation) ? elements / 8 : elements * bytesOf(d.type);
}

Product product(const MatmulDescriptor& operation, const MatrixLayout& a, const MatrixLayout& b, const MatrixLayout& c,
                const MatrixLayout& d) {
    requireTypes(operation, a, b, c, d);
    require(operation.pointerMode == CUBLASLT_POINTER_MODE_HOST, UNSUPPORTED, "the stand-in reads alpha on the host");
    require(operation.transposeC == CUBLAS_OP_N && operation.fillMode == CUBLAS_FILL_MODE_FULL, UNSUPPORTED,
            "C is transposed, or not full");
    require(d.batch > 0, INVALID, text("a batch of", d.batch));
    Product made = {};
    made.batch = static_cast<size_t>(d.batch);
    made.a = matrix("A", a, transposed("A", operation.transposeA), d.batch);
    made.b = matrix("B", b, transposed("B", operation.transposeB), d.batch);
    made.c = matrix("C", c, false, d.batch);
    made.d = matrix("D", d, false, d.batch);
    made.m = made.d.rows;
    made.n = made.d.columns;
    made.k = made.a.columns;
    require(made.a.rows == made.m && made.b.rows == made.k && made.b.columns == made.n && made.c.rows == made.m
                && made.c.columns == made.n,
            INVALID,
            text("(", made.a.rows, made.a.columns, ") times (", made.b.rows, made.b.columns, ") plus (", made.c.rows,
                 made.c.columns, ") is no (", made.m, made.n, ")"));
    require(made.batch == 1 || made.d.batchStride >= made.d.extent(), INVALID, "the results of a batch overlap");
    made.roundToTf32 = operation.computeType == CUBLAS_COMPUTE_32F_FAST_TF32;
    std::optional<Epilogue> known = epilogue(operation.epilogue);
    require(known.has_value(), INVALID, text("no epilogue", operation.epilogue));
    made.epilogue = *known;
    require(operation.epilogue == CUBLASLT_EPILOGUE_DEFAULT || d.order == CUBLASLT_ORDER_COL, UNSUPPORTED,
            "epilogues want D by columns");
    if (made.epilogue.vector != VectorUse::NONE) {
        describeVector(operation, d, made);
    }
    if (made.epilogue.auxiliary) {
        describeAuxiliary(operation, d, made);
    }
    made.types = static_cast<uint64_t>(operation.computeType) | static_cast<uint64_t>(a.type) << 16
        | static_cast<uint64_t>(d.type) << 32;
    return made;
}

}  // namespace standin
