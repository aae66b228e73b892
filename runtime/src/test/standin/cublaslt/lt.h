// What the stand-in for cuBLASLt knows of a product: descriptors as they were set, and what they say together.
#pragma once

#pragma GCC visibility push(default)
#include <cublasLt.h>
#pragma GCC visibility pop

#include "../vendor/calls.h"
#include "../vendor/numbers.h"

namespace standin {

Objects& objects();

struct LtHandle : VendorObject {
    int device = 0;
    const char* kind() const override { return "cublasLtHandle"; }
};

struct MatrixLayout : VendorObject {
    uint32_t type = 0;
    int32_t order = CUBLASLT_ORDER_COL;
    uint64_t rows = 0;
    uint64_t columns = 0;
    int64_t leadingDimension = 0;
    int32_t batch = 1;
    int64_t batchStride = 0;
    int64_t planeOffset = 0;
    uint32_t batchMode = 0;
    const char* kind() const override { return "cublasLtMatrixLayout"; }
};

struct MatmulDescriptor : VendorObject {
    int32_t computeType = 0;
    int32_t scaleType = 0;
    int32_t pointerMode = CUBLASLT_POINTER_MODE_HOST;
    int32_t transposeA = CUBLAS_OP_N;
    int32_t transposeB = CUBLAS_OP_N;
    int32_t transposeC = CUBLAS_OP_N;
    int32_t fillMode = CUBLAS_FILL_MODE_FULL;
    uint32_t epilogue = CUBLASLT_EPILOGUE_DEFAULT;
    uint64_t bias = 0;
    int64_t biasBatchStride = 0;
    int32_t biasType = -1;
    uint64_t auxiliary = 0;
    int64_t auxiliaryLeadingDimension = 0;
    int64_t auxiliaryBatchStride = 0;
    int32_t auxiliaryType = -1;
    const char* kind() const override { return "cublasLtMatmulDesc"; }
};

struct Preference : VendorObject {
    uint32_t searchMode = CUBLASLT_SEARCH_BEST_FIT;
    uint64_t workspaceLimit = 0;
    uint32_t reductionSchemes = CUBLASLT_REDUCTION_SCHEME_MASK;
    uint32_t alignmentA = 256;
    uint32_t alignmentB = 256;
    uint32_t alignmentC = 256;
    uint32_t alignmentD = 256;
    const char* kind() const override { return "cublasLtMatmulPreference"; }
};

// One matrix of a product, whose descriptor was found good.
struct Matrix {
    Number type;
    size_t rows;
    size_t columns;
    size_t rowStride;     // between neighbours in a column, in elements
    size_t columnStride;  // between neighbours in a row
    size_t batchStride;

    // The number of elements from the first to the last of one matrix.
    size_t extent() const { return (rows - 1) * rowStride + (columns - 1) * columnStride + 1; }
    size_t bytes(size_t batch) const { return ((batch - 1) * batchStride + extent()) * bytesOf(type); }
};

enum class Activation { NONE, RELU, GELU, RELU_GRADIENT, GELU_GRADIENT };

enum class VectorUse { NONE, BIAS, SUM_OF_D, SUM_OF_A, SUM_OF_B };

struct Epilogue {
    Activation activation;
    VectorUse vector;
    bool auxiliary;
};

// A product whose descriptors fit each other and are supported. op(A) is (m, k), op(B) (k, n), D (m, n).
struct Product {
    Matrix a;  // as op(A): already transposed
    Matrix b;
    Matrix c;
    Matrix d;
    size_t m, n, k, batch;
    bool roundToTf32;
    Epilogue epilogue;
    size_t vectorStride;  // between products, in elements
    size_t vectorLength;
    size_t auxiliaryLeadingDimension;  // in bits or elements
    size_t auxiliaryStride;
    uint64_t types;  // one number for all types: of no two combinations the same

    size_t auxiliaryBytes() const;
};

// Ends in the status that the library has for descriptors that say nothing sensible or something unsupported.
Product product(const MatmulDescriptor& operation, const MatrixLayout& a, const MatrixLayout& b, const MatrixLayout& c,
                const MatrixLayout& d);

// The addresses of one call.
struct Operands {
    const void* a;
    const void* b;
    const void* c;
    void* d;
    void* vector;
    void* auxiliary;
    void* workspace;
};

// A way to form products: it sums up in so many parts and brings them together by a scheme of the library's, and wants so much
// of addresses and leading dimensions.
struct Algorithm {
    int id;
    int parts;
    size_t alignment;
    size_t workspaceBytes;
    uint32_t reduction;
};

// The algorithms for a product, all of them; the fastest, as the stand-in pretends, first.
std::vector<Algorithm> algorithms(const Product& product);
// The one of these bytes; ends in CUBLAS_STATUS_INVALID_VALUE or NOT_SUPPORTED where it is none for the product.
Algorithm read(const cublasLtMatmulAlgo_t& state, const Product& product);
void write(const Algorithm& algorithm, const Product& product, cublasLtMatmulHeuristicResult_t& result);

// In how many parts sums are formed, and which is added first.
struct Parts {
    size_t count;
    size_t first;
};

// D = epilogue(alpha op(A) op(B) + beta C).
void multiply(const Product& product, const Operands& operands, double alpha, double beta, Parts parts);

}  // namespace standin
