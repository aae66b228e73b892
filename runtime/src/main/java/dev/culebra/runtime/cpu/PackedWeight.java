package dev.culebra.runtime.cpu;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.onednn.Attributes;
import dev.culebra.runtime.onednn.Engine;
import dev.culebra.runtime.onednn.MemoryDescriptor;
import dev.culebra.runtime.onednn.Primitive;
import dev.culebra.runtime.onednn.Primitives;
import dev.culebra.runtime.operation.OwningOperation;

/** A weight in the layout and type that a primitive wants it in, renewed whenever the original has changed. */
final class PackedWeight extends OwningOperation {
    private final Primitive reorder;
    private final HostStorage packed;
    private final CopyOrigin origin = new CopyOrigin();

    /**
     * A copy for {@code user}.
     *
     * @param original how the weight lies in the model's parameter buffer, with the sizes that {@code user} sees
     * @param user the primitive that reads the copy
     * @param argument as which of its arguments
     */
    PackedWeight(Engine engine, MemoryDescriptor original, Primitive user, int argument) {
        try (MemoryDescriptor layout = user.layout(argument); Attributes none = new Attributes()) {
            packed = own(engine.allocate(layout.bytes()));
            reorder = own(Primitives.reorder(engine, original, layout, none));
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /** The address of the copy, up to date with {@code weight}. */
    long address(Tensor weight) {
        if (!origin.is(weight)) {
            reorder.at(dnnl.DNNL_ARG_FROM, weight.address()).at(dnnl.DNNL_ARG_TO, packed.segment().address());
            reorder.execute();
            origin.becomes(weight);
        }
        return packed.segment().address();
    }
}
