// Descriptors of tensors and of batches of sequences, with the rules of cuDNN 9.24 as the library itself has them.
#include "dnn.h"

#include <algorithm>
#include <numeric>

namespace standin {

namespace {

constexpr int BAD = CUDNN_STATUS_BAD_PARAM;
constexpr int LAST_TYPE = CUDNN_DATA_INT4;

template <class T>
void destroy(const void* handle) {
    if (handle != nullptr) {
        objects().remove<T>(handle, BAD);
    }
}

bool numeric(cudnnDataType_t type) {
    return type == CUDNN_DATA_FLOAT || type == CUDNN_DATA_DOUBLE || type == CUDNN_DATA_HALF
        || type == CUDNN_DATA_BFLOAT16;
}

double fillValue(const void* place, cudnnDataType_t type) {
    switch (type) {
        case CUDNN_DATA_FLOAT: return load<double>(place, Number::FLOAT, 0);
        case CUDNN_DATA_BFLOAT16: return load<double>(place, Number::BFLOAT16, 0);
        default: return load<double>(place, Number::DOUBLE, 0);
    }
}

}  // namespace

bool Sequences::equalLengths() const {
    return std::all_of(lengths.begin(), lengths.end(), [&](int length) { return length == longest; });
}

size_t Sequences::vectors() const {
    return packed() ? std::accumulate(lengths.begin(), lengths.end(), size_t{0})
                    : static_cast<size_t>(longest) * static_cast<size_t>(batch);
}

size_t Sequences::place(int step, int sequence) const {
    auto row = static_cast<size_t>(step);
    auto column = static_cast<size_t>(sequence);
    if (layout == CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED) {
        return column * static_cast<size_t>(longest) + row;
    }
    if (!packed()) {
        return row * static_cast<size_t>(batch) + column;
    }
    size_t before = 0;
    for (int length : lengths) {
        before += static_cast<size_t>(std::min(length, step));
    }
    return before + column;
}

std::shared_ptr<Sequences> sequences(cudnnRNNDataDescriptor_t handle) {
    auto found = objects().find<Sequences>(handle, BAD);
    require(found->described, BAD, "the sequences have not been described");
    return found;
}

std::shared_ptr<TensorDescriptor> tensor(cudnnTensorDescriptor_t handle) {
    return objects().find<TensorDescriptor>(handle, BAD);
}

}  // namespace standin

using namespace standin;

cudnnStatus_t cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t* out) {
    return call<cudnnStatus_t>("cudnnCreateTensorDescriptor", listed(out), [&] {
        require(out != nullptr, BAD, "no place for the descriptor");
        *out = objects().add<cudnnTensorDescriptor_t>(std::make_shared<TensorDescriptor>());
    });
}

cudnnStatus_t cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t descriptor) {
    return call<cudnnStatus_t>("cudnnDestroyTensorDescriptor", listed(descriptor), [&] {
        destroy<TensorDescriptor>(descriptor);
    });
}

cudnnStatus_t cudnnSetTensorNdDescriptor(cudnnTensorDescriptor_t descriptor, cudnnDataType_t type, int rank,
                                         const int sizes[], const int strides[]) {
    return call<cudnnStatus_t>("cudnnSetTensorNdDescriptor", listed(descriptor, type, rank, sizes, strides), [&] {
        auto found = tensor(descriptor);
        require(sizes != nullptr && strides != nullptr, BAD, "no sizes or strides");
        require(type >= 0 && type <= LAST_TYPE, BAD, text("no data type", type));
        require(rank <= CUDNN_DIM_MAX, CUDNN_STATUS_NOT_SUPPORTED, text("a tensor of", rank, "axes"));
        require(rank >= 2, BAD, text("a tensor of", rank, "axes"));
        for (int axis = 0; axis < rank; axis++) {
            require(sizes[axis] > 0, BAD, text("axis", axis, "has size", sizes[axis]));
            require(strides[axis] != 0 || sizes[axis] == 1, BAD, text("axis", axis, "has stride 0"));
        }
        found->type = type;
        found->sizes.assign(sizes, sizes + rank);
        found->strides.assign(strides, strides + rank);
    });
}

cudnnStatus_t cudnnGetTensorNdDescriptor(const cudnnTensorDescriptor_t descriptor, int room, cudnnDataType_t* type,
                                         int* rank, int sizes[], int strides[]) {
    return call<cudnnStatus_t>("cudnnGetTensorNdDescriptor", listed(descriptor, room), [&] {
        auto found = tensor(descriptor);
        require(room > 0 && type != nullptr && rank != nullptr && sizes != nullptr && strides != nullptr, BAD,
                "no place for what is asked");
        *type = found->type;
        *rank = static_cast<int>(found->sizes.size());
        auto count = std::min(found->sizes.size(), static_cast<size_t>(room));
        std::copy_n(found->sizes.begin(), count, sizes);
        std::copy_n(found->strides.begin(), count, strides);
    });
}

cudnnStatus_t cudnnCreateRNNDataDescriptor(cudnnRNNDataDescriptor_t* out) {
    return call<cudnnStatus_t>("cudnnCreateRNNDataDescriptor", listed(out), [&] {
        require(out != nullptr, BAD, "no place for the descriptor");
        *out = objects().add<cudnnRNNDataDescriptor_t>(std::make_shared<Sequences>());
    });
}

cudnnStatus_t cudnnDestroyRNNDataDescriptor(cudnnRNNDataDescriptor_t descriptor) {
    return call<cudnnStatus_t>("cudnnDestroyRNNDataDescriptor", listed(descriptor), [&] {
        destroy<Sequences>(descriptor);
    });
}

cudnnStatus_t cudnnSetRNNDataDescriptor(cudnnRNNDataDescriptor_t descriptor, cudnnDataType_t type,
                                        cudnnRNNDataLayout_t layout, int longest, int batch, int vectorSize,
                                        const int lengths[], void* fill) {
    return call<cudnnStatus_t>(
        "cudnnSetRNNDataDescriptor", listed(descriptor, type, layout, longest, batch, vectorSize, lengths, fill), [&] {
            auto found = objects().find<Sequences>(descriptor, BAD);
            require(layout >= CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED
                        && layout <= CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED,
                    BAD, text("no layout", layout));
            require(longest > 0 && batch > 0 && vectorSize > 0 && lengths != nullptr, BAD,
                    text(batch, "sequences of at most", longest, "vectors of", vectorSize));
            require(numeric(type), CUDNN_STATUS_NOT_SUPPORTED, text("sequences of data type", type));
            for (int i = 0; i < batch; i++) {
                require(lengths[i] >= 0 && lengths[i] <= longest, BAD, text("a sequence has", lengths[i], "vectors"));
            }
            if (layout == CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED) {
                require(std::is_sorted(lengths, lengths + batch, std::greater<>()), BAD,
                        "packed sequences are not sorted, the longest first");
                require(lengths[0] == longest, BAD, "the longest of packed sequences is shorter than said");
            }
            found->described = true;
            found->type = type;
            found->layout = layout;
            found->longest = longest;
            found->batch = batch;
            found->vectorSize = vectorSize;
            found->lengths.assign(lengths, lengths + batch);
            found->filled = fill != nullptr;
            found->fill = fill == nullptr ? 0 : fillValue(fill, type);
        });
}
