// The call that multiplies: what is checked of its arguments, and the work that it hands to the stream.
#include "lt.h"

#include <algorithm>

namespace standin {

namespace {

constexpr int INVALID = CUBLAS_STATUS_INVALID_VALUE;
constexpr size_t WORKSPACE_ALIGNMENT = 256;
constexpr size_t AUXILIARY_ALIGNMENT = 16;

struct Region {
    const char* name;
    const void* address;
    size_t bytes;
    const Matrix* matrix;  // none: contiguous
    bool written;
};

void requireAligned(const char* name, const void* address, size_t alignment) {
    require(address != nullptr, INVALID, text(name, "is null"));
    require(reinterpret_cast<uintptr_t>(address) % alignment == 0, INVALID,
            text(name, "is at", address, "but must be at a multiple of", alignment));
}

// Which bytes from `begin` to `end` the elements of a region take.
std::vector<bool> bytesUsed(const Region& region, size_t batch, uintptr_t begin, uintptr_t end) {
    if (region.matrix == nullptr) {
        return std::vector<bool>(end - begin, true);
    }
    std::vector<bool> used(end - begin);
    const Matrix& matrix = *region.matrix;
    size_t width = bytesOf(matrix.type);
    for (size_t index = 0; index < batch; index++) {
        for (size_t row = 0; row < matrix.rows; row++) {
            for (size_t column = 0; column < matrix.columns; column++) {
                size_t element = index * matrix.batchStride + row * matrix.rowStride + column * matrix.columnStride;
                uintptr_t address = reinterpret_cast<uintptr_t>(region.address) + element * width;
                if (address >= begin && address < end) {
                    std::fill_n(used.begin() + static_cast<std::ptrdiff_t>(address - begin), width, true);
                }
            }
        }
    }
    return used;
}

// Matrices may lie between one another's rows, and C may be D; otherwise what is written must be memory of its own.
void requireApart(const Region& first, const Region& second, size_t batch) {
    auto firstBegin = reinterpret_cast<uintptr_t>(first.address);
    auto secondBegin = reinterpret_cast<uintptr_t>(second.address);
    uintptr_t begin = std::max(firstBegin, secondBegin);
    uintptr_t end = std::min(firstBegin + first.bytes, secondBegin + second.bytes);
    if (begin >= end || !(first.written || second.written)) {
        return;
    }
    std::vector<bool> ofFirst = bytesUsed(first, batch, begin, end);
    std::vector<bool> ofSecond = bytesUsed(second, batch, begin, end);
    for (size_t i = 0; i < ofFirst.size(); i++) {
        require(!(ofFirst[i] && ofSecond[i]), INVALID, text(first.name, "and", second.name, "overlap"));
    }
}

bool sameLayout(const Matrix& c, const Matrix& d) {
    return c.rowStride == d.rowStride && c.columnStride == d.columnStride && c.batchStride == d.batchStride;
}

// The memory of the product, each piece checked for alignment, none overlapping what another writes.
std::vector<StandinMemory> memoryOf(const Product& product, const Operands& operands, const Algorithm& algorithm,
                                    bool readsC) {
    bool vectorWritten = product.epilogue.vector != VectorUse::BIAS;
    bool auxiliaryWritten =
        product.epilogue.activation == Activation::RELU || product.epilogue.activation == Activation::GELU;
    std::vector<Region> regions = {{"A", operands.a, product.a.bytes(product.batch), &product.a, false},
                                   {"B", operands.b, product.b.bytes(product.batch), &product.b, false},
                                   {"D", operands.d, product.d.bytes(product.batch), &product.d, true}};
    if (readsC && !(operands.c == operands.d && sameLayout(product.c, product.d))) {
        regions.push_back({"C", operands.c, product.c.bytes(product.batch), &product.c, false});
    }
    for (const Region& each : regions) {
        requireAligned(each.name, each.address, std::max(algorithm.alignment, bytesOf(each.matrix->type)));
    }
    if (product.epilogue.vector != VectorUse::NONE) {
        requireAligned("the epilogue's vector", operands.vector, algorithm.alignment);
        size_t elements = (product.batch - 1) * product.vectorStride + product.vectorLength;
        regions.push_back({"the epilogue's vector", operands.vector, elements * bytesOf(product.d.type), nullptr,
                           vectorWritten});
    }
    if (product.epilogue.auxiliary) {
        requireAligned("the auxiliary memory", operands.auxiliary, AUXILIARY_ALIGNMENT);
        regions.push_back({"the auxiliary memory", operands.auxiliary, product.auxiliaryBytes(), nullptr,
                           auxiliaryWritten});
    }
    if (algorithm.workspaceBytes > 0) {
        requireAligned("the workspace", operands.workspace, WORKSPACE_ALIGNMENT);
        regions.push_back({"the workspace", operands.workspace, algorithm.workspaceBytes, nullptr, true});
    }
    std::vector<StandinMemory> memory;
    for (size_t i = 0; i < regions.size(); i++) {
        for (size_t j = 0; j < i; j++) {
            requireApart(regions[j], regions[i], product.batch);
        }
        memory.push_back({regions[i].name, regions[i].address, regions[i].bytes});
    }
    return memory;
}

double scalar(const void* value, Number type) {
    require(value != nullptr, INVALID, "alpha or beta is null");
    return type == Number::DOUBLE ? *static_cast<const double*>(value) : *static_cast<const float*>(value);
}

// What adds to the result itself does so in the order in which blocks come to it: another one each time.
Parts partsOf(const Algorithm& algorithm) {
    static size_t runs = 0;
    bool inPlace = algorithm.reduction == CUBLASLT_REDUCTION_SCHEME_INPLACE;
    auto count = static_cast<size_t>(algorithm.parts);
    return {count, inPlace ? runs++ % count : 0};
}

// The fastest that makes do with a workspace: what the library takes if the caller names none.
Algorithm choose(const Product& product, size_t workspaceBytes) {
    for (const Algorithm& each : algorithms(product)) {
        if (each.workspaceBytes <= workspaceBytes) {
            return each;
        }
    }
    throw Refusal{CUBLAS_STATUS_NOT_SUPPORTED, "no algorithm makes do with the workspace"};
}

}  // namespace

}  // namespace standin

using namespace standin;

cublasStatus_t cublasLtMatmul(cublasLtHandle_t handle, cublasLtMatmulDesc_t operation, const void* alphaPlace,
                              const void* a, cublasLtMatrixLayout_t layoutOfA, const void* b,
                              cublasLtMatrixLayout_t layoutOfB, const void* betaPlace, const void* c,
                              cublasLtMatrixLayout_t layoutOfC, void* d, cublasLtMatrixLayout_t layoutOfD,
                              const cublasLtMatmulAlgo_t* state, void* workspace, size_t workspaceBytes,
                              cudaStream_t stream) {
    return call<cublasStatus_t>(
        "cublasLtMatmul",
        listed(handle, operation, alphaPlace, a, layoutOfA, b, layoutOfB, betaPlace, c, layoutOfC, d, layoutOfD, state,
               workspace, workspaceBytes, stream),
        [&] {
            auto library = objects().find<LtHandle>(handle, CUBLAS_STATUS_NOT_INITIALIZED);
            auto descriptor = objects().find<MatmulDescriptor>(operation, INVALID);
            Product wanted = product(*descriptor, *objects().find<MatrixLayout>(layoutOfA, INVALID),
                                     *objects().find<MatrixLayout>(layoutOfB, INVALID),
                                     *objects().find<MatrixLayout>(layoutOfC, INVALID),
                                     *objects().find<MatrixLayout>(layoutOfD, INVALID));
            double alpha = scalar(alphaPlace, wanted.d.type);
            double beta = scalar(betaPlace, wanted.d.type);
            Algorithm algorithm = state == nullptr ? choose(wanted, workspaceBytes) : read(*state, wanted);
            require(algorithm.workspaceBytes <= workspaceBytes, INVALID,
                    text("the algorithm needs a workspace of", algorithm.workspaceBytes, "bytes, not", workspaceBytes));
            Operands operands = {a, b, c, d, reinterpret_cast<void*>(descriptor->bias),
                                 reinterpret_cast<void*>(descriptor->auxiliary), workspace};
            std::vector<StandinMemory> memory = memoryOf(wanted, operands, algorithm, beta != 0);
            require(standin_current_device() == library->device, CUBLAS_STATUS_EXECUTION_FAILED,
                    "no sound context of the handle's device is current");
            auto work = [wanted, operands, alpha, beta, algorithm]() -> const char* {
                if (algorithm.workspaceBytes > 0) {
                    scribble(operands.workspace, algorithm.workspaceBytes);
                }
                multiply(wanted, operands, alpha, beta, partsOf(algorithm));
                return nullptr;
            };
            submit(reinterpret_cast<CUstream>(stream), "cublasLtMatmul", memory, work, CUBLAS_STATUS_EXECUTION_FAILED);
        });
}
