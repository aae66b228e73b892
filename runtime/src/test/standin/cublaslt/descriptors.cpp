// Descriptors. As in the library, nearly nothing is checked when an attribute is set but its size.
#include "lt.h"

#include <cstring>

namespace standin {

namespace {

// Where an attribute of a descriptor is kept.
struct Field {
    void* place = nullptr;
    size_t bytes = 0;
};

template <class T>
Field field(T& member) {
    return {&member, sizeof member};
}

Field find(MatrixLayout& layout, cublasLtMatrixLayoutAttribute_t attribute) {
    switch (attribute) {
        case CUBLASLT_MATRIX_LAYOUT_TYPE: return field(layout.type);
        case CUBLASLT_MATRIX_LAYOUT_ORDER: return field(layout.order);
        case CUBLASLT_MATRIX_LAYOUT_ROWS: return field(layout.rows);
        case CUBLASLT_MATRIX_LAYOUT_COLS: return field(layout.columns);
        case CUBLASLT_MATRIX_LAYOUT_LD: return field(layout.leadingDimension);
        case CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT: return field(layout.batch);
        case CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET: return field(layout.batchStride);
        case CUBLASLT_MATRIX_LAYOUT_PLANE_OFFSET: return field(layout.planeOffset);
        case CUBLASLT_MATRIX_LAYOUT_BATCH_MODE: return field(layout.batchMode);
        default: return {};
    }
}

Field find(MatmulDescriptor& operation, cublasLtMatmulDescAttributes_t attribute) {
    switch (attribute) {
        case CUBLASLT_MATMUL_DESC_COMPUTE_TYPE: return field(operation.computeType);
        case CUBLASLT_MATMUL_DESC_SCALE_TYPE: return field(operation.scaleType);
        case CUBLASLT_MATMUL_DESC_POINTER_MODE: return field(operation.pointerMode);
        case CUBLASLT_MATMUL_DESC_TRANSA: return field(operation.transposeA);
        case CUBLASLT_MATMUL_DESC_TRANSB: return field(operation.transposeB);
        case CUBLASLT_MATMUL_DESC_TRANSC: return field(operation.transposeC);
        case CUBLASLT_MATMUL_DESC_FILL_MODE: return field(operation.fillMode);
        case CUBLASLT_MATMUL_DESC_EPILOGUE: return field(operation.epilogue);
        case CUBLASLT_MATMUL_DESC_BIAS_POINTER: return field(operation.bias);
        case CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE: return field(operation.biasBatchStride);
        case CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE: return field(operation.biasType);
        case CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER: return field(operation.auxiliary);
        case CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD: return field(operation.auxiliaryLeadingDimension);
        case CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_BATCH_STRIDE: return field(operation.auxiliaryBatchStride);
        case CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_DATA_TYPE: return field(operation.auxiliaryType);
        default: return {};
    }
}

Field find(Preference& preference, cublasLtMatmulPreferenceAttributes_t attribute) {
    switch (attribute) {
        case CUBLASLT_MATMUL_PREF_SEARCH_MODE: return field(preference.searchMode);
        case CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES: return field(preference.workspaceLimit);
        case CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK: return field(preference.reductionSchemes);
        case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES: return field(preference.alignmentA);
        case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES: return field(preference.alignmentB);
        case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES: return field(preference.alignmentC);
        case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES: return field(preference.alignmentD);
        default: return {};
    }
}

void write(Field field, const void* value, size_t bytes) {
    require(field.place != nullptr, CUBLAS_STATUS_INVALID_VALUE, "the stand-in knows no such attribute");
    require(value != nullptr && bytes == field.bytes, CUBLAS_STATUS_INVALID_VALUE,
            text("the attribute has", field.bytes, "bytes, but was given", bytes));
    std::memcpy(field.place, value, bytes);
}

void read(Field field, void* value, size_t bytes, size_t* written) {
    require(field.place != nullptr, CUBLAS_STATUS_INVALID_VALUE, "the stand-in knows no such attribute");
    require(bytes != 0 || written != nullptr, CUBLAS_STATUS_INVALID_VALUE, "nothing is asked for");
    if (bytes != 0) {
        require(value != nullptr && bytes == field.bytes, CUBLAS_STATUS_INVALID_VALUE,
                text("the attribute has", field.bytes, "bytes, but room is for", bytes));
        std::memcpy(value, field.place, bytes);
    }
    if (written != nullptr) {
        *written = field.bytes;
    }
}

// Destroying nothing is allowed, as with free().
template <class T>
void destroy(const void* handle) {
    if (handle != nullptr) {
        objects().remove<T>(handle, CUBLAS_STATUS_INVALID_VALUE);
    }
}

template <class T>
std::shared_ptr<T> get(const void* handle) {
    return objects().find<T>(handle, CUBLAS_STATUS_INVALID_VALUE);
}

}  // namespace

}  // namespace standin

using namespace standin;

cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t* out, cudaDataType type, uint64_t rows,
                                          uint64_t columns, int64_t leadingDimension) {
    return call<cublasStatus_t>("cublasLtMatrixLayoutCreate", listed(out, type, rows, columns, leadingDimension), [&] {
        require(out != nullptr, CUBLAS_STATUS_INVALID_VALUE, "no place for the layout");
        auto made = std::make_shared<MatrixLayout>();
        made->type = type;
        made->rows = rows;
        made->columns = columns;
        made->leadingDimension = leadingDimension;
        *out = objects().add<cublasLtMatrixLayout_t>(made);
    });
}

cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t layout) {
    return call<cublasStatus_t>("cublasLtMatrixLayoutDestroy", listed(layout), [&] { destroy<MatrixLayout>(layout); });
}

cublasStatus_t cublasLtMatrixLayoutSetAttribute(cublasLtMatrixLayout_t layout,
                                                cublasLtMatrixLayoutAttribute_t attribute, const void* value,
                                                size_t bytes) {
    return call<cublasStatus_t>("cublasLtMatrixLayoutSetAttribute", listed(layout, attribute, value, bytes), [&] {
        write(find(*get<MatrixLayout>(layout), attribute), value, bytes);
    });
}

cublasStatus_t cublasLtMatrixLayoutGetAttribute(cublasLtMatrixLayout_t layout,
                                                cublasLtMatrixLayoutAttribute_t attribute, void* value, size_t bytes,
                                                size_t* written) {
    return call<cublasStatus_t>("cublasLtMatrixLayoutGetAttribute", listed(layout, attribute, value, bytes), [&] {
        read(find(*get<MatrixLayout>(layout), attribute), value, bytes, written);
    });
}

cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t* out, cublasComputeType_t compute, cudaDataType_t scale) {
    return call<cublasStatus_t>("cublasLtMatmulDescCreate", listed(out, compute, scale), [&] {
        require(out != nullptr, CUBLAS_STATUS_INVALID_VALUE, "no place for the descriptor");
        auto made = std::make_shared<MatmulDescriptor>();
        made->computeType = compute;
        made->scaleType = scale;
        *out = objects().add<cublasLtMatmulDesc_t>(made);
    });
}

cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t operation) {
    return call<cublasStatus_t>("cublasLtMatmulDescDestroy", listed(operation), [&] {
        destroy<MatmulDescriptor>(operation);
    });
}

cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t operation, cublasLtMatmulDescAttributes_t attribute,
                                              const void* value, size_t bytes) {
    return call<cublasStatus_t>("cublasLtMatmulDescSetAttribute", listed(operation, attribute, value, bytes), [&] {
        write(find(*get<MatmulDescriptor>(operation), attribute), value, bytes);
    });
}

cublasStatus_t cublasLtMatmulDescGetAttribute(cublasLtMatmulDesc_t operation, cublasLtMatmulDescAttributes_t attribute,
                                              void* value, size_t bytes, size_t* written) {
    return call<cublasStatus_t>("cublasLtMatmulDescGetAttribute", listed(operation, attribute, value, bytes), [&] {
        read(find(*get<MatmulDescriptor>(operation), attribute), value, bytes, written);
    });
}

cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t* out) {
    return call<cublasStatus_t>("cublasLtMatmulPreferenceCreate", listed(out), [&] {
        require(out != nullptr, CUBLAS_STATUS_INVALID_VALUE, "no place for the preference");
        *out = objects().add<cublasLtMatmulPreference_t>(std::make_shared<Preference>());
    });
}

cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t preference) {
    return call<cublasStatus_t>("cublasLtMatmulPreferenceDestroy", listed(preference), [&] {
        destroy<Preference>(preference);
    });
}

cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t preference,
                                                    cublasLtMatmulPreferenceAttributes_t attribute, const void* value,
                                                    size_t bytes) {
    std::string arguments = listed(preference, attribute, value, bytes);
    return call<cublasStatus_t>("cublasLtMatmulPreferenceSetAttribute", arguments, [&] {
        write(find(*get<Preference>(preference), attribute), value, bytes);
    });
}

cublasStatus_t cublasLtMatmulPreferenceGetAttribute(cublasLtMatmulPreference_t preference,
                                                    cublasLtMatmulPreferenceAttributes_t attribute, void* value,
                                                    size_t bytes, size_t* written) {
    std::string arguments = listed(preference, attribute, value, bytes);
    return call<cublasStatus_t>("cublasLtMatmulPreferenceGetAttribute", arguments, [&] {
        read(find(*get<Preference>(preference), attribute), value, bytes, written);
    });
}
