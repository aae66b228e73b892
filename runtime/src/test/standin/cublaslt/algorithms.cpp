// The algorithms that the stand-in pretends to have. They differ in the order of sums, hence in the last bits of
// results, in what they want of addresses, and in their workspace, as those of the library do.
#include "lt.h"

#include <algorithm>

namespace standin {

namespace {

constexpr uint64_t MARK = 0x5354414E44494E00;  // "STANDIN", and the algorithm's number in the last byte
constexpr size_t ALIGNED = 16;

// One thread per element; sums in one go. Takes any address.
constexpr int SIMPLE = 1;
// Sums of 32 addends at a time, as tensor cores do.
constexpr int TILED = 2;
// Four blocks share a sum and leave their parts in the workspace.
constexpr int SPLIT = 3;
// They add their parts to the result itself, and count in the workspace how many have.
constexpr int IN_PLACE = 4;
constexpr size_t COUNTERS = 256;

bool startsAligned(const Matrix& matrix) {
    size_t leading = std::max(matrix.rowStride, matrix.columnStride);
    return leading * bytesOf(matrix.type) % ALIGNED == 0 && matrix.batchStride * bytesOf(matrix.type) % ALIGNED == 0;
}

size_t workspaceOf(const Product& product, size_t parts) {
    size_t bytes = parts * product.batch * product.m * product.n * sizeof(float);
    return (bytes + 255) / 256 * 256;
}

}  // namespace

std::vector<Algorithm> algorithms(const Product& product) {
    std::vector<Algorithm> all;
    if (startsAligned(product.a) && startsAligned(product.b) && startsAligned(product.d)) {
        int parts = static_cast<int>((product.k + 31) / 32);
        all.push_back({TILED, parts, ALIGNED, 0, CUBLASLT_REDUCTION_SCHEME_NONE});
    }
    if (product.k >= 4) {
        all.push_back({SPLIT, 4, bytesOf(product.d.type), workspaceOf(product, 4),
                       CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE});
    }
    all.push_back({SIMPLE, 1, bytesOf(product.d.type), 0, CUBLASLT_REDUCTION_SCHEME_NONE});
    if (product.k >= 4 && product.epilogue.activation == Activation::NONE) {
        all.push_back({IN_PLACE, 4, bytesOf(product.d.type), COUNTERS, CUBLASLT_REDUCTION_SCHEME_INPLACE});
    }
    return all;
}

Algorithm read(const cublasLtMatmulAlgo_t& state, const Product& product) {
    bool marked = (state.data[0] & ~uint64_t{0xFF}) == MARK;
    require(marked, CUBLAS_STATUS_INVALID_VALUE, "the bytes are those of no algorithm");
    require(state.data[1] == product.types, CUBLAS_STATUS_INVALID_VALUE, "the algorithm is one for other types");
    for (const Algorithm& each : algorithms(product)) {
        if (static_cast<uint64_t>(each.id) == (state.data[0] & 0xFF)) {
            return each;
        }
    }
    throw Refusal{CUBLAS_STATUS_NOT_SUPPORTED, "the algorithm does not take these sizes"};
}

void write(const Algorithm& algorithm, const Product& product, cublasLtMatmulHeuristicResult_t& result) {
    result = {};
    result.algo.data[0] = MARK | static_cast<uint64_t>(algorithm.id);
    result.algo.data[1] = product.types;
    result.workspaceSize = algorithm.workspaceBytes;
    result.state = CUBLAS_STATUS_SUCCESS;
    result.wavesCount = static_cast<float>(product.batch * ((product.m + 63) / 64) * ((product.n + 63) / 64)) / 132;
}

}  // namespace standin

using namespace standin;

namespace {

// Algorithms want of the epilogue's memory what they want of matrices; the pointers stand for later ones.
size_t alignmentOf(uint64_t address) { return address == 0 ? 256 : address & -address; }

Product describe(cublasLtHandle_t handle, cublasLtMatmulDesc_t operation, cublasLtMatrixLayout_t a,
                 cublasLtMatrixLayout_t b, cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d) {
    objects().find<LtHandle>(handle, CUBLAS_STATUS_NOT_INITIALIZED);
    constexpr int otherwise = CUBLAS_STATUS_INVALID_VALUE;
    return product(*objects().find<MatmulDescriptor>(operation, otherwise), *objects().find<MatrixLayout>(a, otherwise),
                   *objects().find<MatrixLayout>(b, otherwise), *objects().find<MatrixLayout>(c, otherwise),
                   *objects().find<MatrixLayout>(d, otherwise));
}

}  // namespace

cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t handle, cublasLtMatmulDesc_t operation,
                                              cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b,
                                              cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d,
                                              cublasLtMatmulPreference_t preferenceHandle, int room,
                                              cublasLtMatmulHeuristicResult_t* results, int* count) {
    return call<cublasStatus_t>(
        "cublasLtMatmulAlgoGetHeuristic", listed(handle, operation, a, b, c, d, preferenceHandle, room), [&] {
            require(room > 0 && results != nullptr && count != nullptr, CUBLAS_STATUS_INVALID_VALUE,
                    "no place for algorithms");
            *count = 0;
            Product wanted = describe(handle, operation, a, b, c, d);
            auto preference = objects().find<Preference>(preferenceHandle, CUBLAS_STATUS_INVALID_VALUE);
            auto descriptor = objects().find<MatmulDescriptor>(operation, CUBLAS_STATUS_INVALID_VALUE);
            size_t alignment = std::min({preference->alignmentA, preference->alignmentB, preference->alignmentC,
                                         preference->alignmentD});
            if (wanted.epilogue.vector != VectorUse::NONE) {
                alignment = std::min(alignment, alignmentOf(descriptor->bias));
            }
            if (wanted.epilogue.auxiliary) {
                alignment = std::min(alignment, alignmentOf(descriptor->auxiliary));
            }
            for (const Algorithm& each : algorithms(wanted)) {
                bool fits = each.workspaceBytes <= preference->workspaceLimit && each.alignment <= alignment;
                bool allowed = (each.reduction & ~preference->reductionSchemes) == 0;
                if (fits && allowed && *count < room) {
                    write(each, wanted, results[(*count)++]);
                }
            }
            require(*count > 0, CUBLAS_STATUS_NOT_SUPPORTED, text("no algorithm takes an alignment of", alignment));
        });
}

cublasStatus_t cublasLtMatmulAlgoCheck(cublasLtHandle_t handle, cublasLtMatmulDesc_t operation,
                                       cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b, cublasLtMatrixLayout_t c,
                                       cublasLtMatrixLayout_t d, const cublasLtMatmulAlgo_t* state,
                                       cublasLtMatmulHeuristicResult_t* result) {
    return call<cublasStatus_t>(
        "cublasLtMatmulAlgoCheck", listed(handle, operation, a, b, c, d, state, result), [&] {
            require(state != nullptr && result != nullptr, CUBLAS_STATUS_INVALID_VALUE, "no algorithm to check");
            Product wanted = describe(handle, operation, a, b, c, d);
            cublasLtMatmulAlgo_t kept = result->algo;
            write(read(*state, wanted), wanted, *result);
            result->algo = kept;
        });
}
