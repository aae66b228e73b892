package dev.culebra.runtime.cpu;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.Storage;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.onednn.Attributes;
import dev.culebra.runtime.onednn.Engine;
import dev.culebra.runtime.onednn.MemoryDescriptor;
import dev.culebra.runtime.onednn.Primitive;
import dev.culebra.runtime.onednn.Primitives;

/** A weight in the layout and type that a primitive wants it in, renewed whenever the original has changed. */
final class PackedWeight implements AutoCloseable {
    private final Primitive reorder;
    private final HostStorage packed;
    private Storage source;
    private long version;
    private long offset;

    /**
     * A copy for {@code user}.
     *
     * @param original how the weight lies in the model's parameter buffer, with the sizes that {@code user} sees
     * @param user the primitive that reads the copy
     * @param argument as which of its arguments
     */
    PackedWeight(Engine engine, MemoryDescriptor original, Primitive user, int argument) {
        try (MemoryDescriptor layout = user.layout(argument); Attributes none = new Attributes()) {
            reorder = Primitives.reorder(engine, original, layout, none);
            packed = HostStorage.allocateNative(layout.bytes());
        }
    }

    /** The address of the copy, up to date with {@code weight}. */
    long address(Tensor weight) {
        Storage storage = weight.storage();
        if (storage != source || storage.version() != version || weight.byteOffset() != offset) {
            reorder.at(dnnl.DNNL_ARG_FROM, weight.address()).at(dnnl.DNNL_ARG_TO, packed.segment().address());
            reorder.execute();
            source = storage;
            version = storage.version();
            offset = weight.byteOffset();
        }
        return packed.segment().address();
    }

    @Override
    public void close() {
        reorder.close();
        packed.close();
    }
}
