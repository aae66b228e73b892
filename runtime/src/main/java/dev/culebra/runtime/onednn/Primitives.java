package dev.culebra.runtime.onednn;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.NativeObject;

/** The primitives that Culebra uses, each with its arguments declared. The descriptors stay the caller's. */
public final class Primitives {
    private Primitives() {}

    /** destination ← source · weights + bias, then the attributes' operations. Arguments: SRC, WEIGHTS, BIAS, DST. */
    public static Primitive matmul(Engine engine, MemoryDescriptor source, MemoryDescriptor weights,
            Optional<MemoryDescriptor> bias, MemoryDescriptor destination, Attributes attributes) {
        Primitive primitive = Primitive.create(engine, "dnnl_matmul_primitive_desc_create",
                out -> dnnl.dnnl_matmul_primitive_desc_create(out, engine.handle(), source.handle(), weights.handle(),
                        bias.map(NativeObject::handle).orElse(MemorySegment.NULL), destination.handle(),
                        attributes.handle()));
        primitive.argument(dnnl.DNNL_ARG_SRC).argument(dnnl.DNNL_ARG_WEIGHTS).argument(dnnl.DNNL_ARG_DST);
        bias.ifPresent(descriptor -> primitive.argument(dnnl.DNNL_ARG_BIAS));
        return primitive;
    }

    /** Copies with change of layout and type. Arguments: FROM, TO. */
    public static Primitive reorder(Engine engine, MemoryDescriptor from, MemoryDescriptor to, Attributes attributes) {
        return Primitive.create(engine, "dnnl_reorder_primitive_desc_create",
                out -> dnnl.dnnl_reorder_primitive_desc_create(out, from.handle(), engine.handle(), to.handle(),
                        engine.handle(), attributes.handle()))
                .argument(dnnl.DNNL_ARG_FROM, from).argument(dnnl.DNNL_ARG_TO, to);
    }

    /** destination ← softmax(source) along an axis. Arguments: SRC, DST, which may be one memory. */
    public static Primitive softmax(Engine engine, boolean logarithm, MemoryDescriptor source,
            MemoryDescriptor destination, int axis) {
        return Primitive.create(engine, "dnnl_softmax_forward_primitive_desc_create",
                out -> dnnl.dnnl_softmax_forward_primitive_desc_create(out, engine.handle(),
                        dnnl.dnnl_forward_training,
                        logarithm ? dnnl.dnnl_softmax_log : dnnl.dnnl_softmax_accurate, source.handle(),
                        destination.handle(), axis, engine.plain().handle()))
                .argument(dnnl.DNNL_ARG_SRC).argument(dnnl.DNNL_ARG_DST);
    }

    /** The gradient of a softmax, all in one layout. Arguments: DST, DIFF_DST, DIFF_SRC. */
    public static Primitive softmaxBackward(Engine engine, MemoryDescriptor data, int axis) {
        try (Primitive hint = softmax(engine, false, data, data, axis)) {
            return Primitive.create(engine, "dnnl_softmax_backward_primitive_desc_create",
                    out -> dnnl.dnnl_softmax_backward_primitive_desc_create(out, engine.handle(),
                            dnnl.dnnl_softmax_accurate, data.handle(), data.handle(), data.handle(), axis,
                            hint.description(), engine.plain().handle()))
                    .argument(dnnl.DNNL_ARG_DST).argument(dnnl.DNNL_ARG_DIFF_DST).argument(dnnl.DNNL_ARG_DIFF_SRC);
        }
    }

    /** Layer normalisation with scale and shift. Arguments: SRC, MEAN, VARIANCE, SCALE, SHIFT, DST. */
    public static Primitive layerNorm(Engine engine, MemoryDescriptor source, MemoryDescriptor statistics,
            float epsilon) {
        return Primitive.create(engine, "dnnl_layer_normalization_forward_primitive_desc_create",
                out -> dnnl.dnnl_layer_normalization_forward_primitive_desc_create(out, engine.handle(),
                        dnnl.dnnl_forward_training, source.handle(), source.handle(), statistics.handle(), epsilon,
                        dnnl.dnnl_use_scale | dnnl.dnnl_use_shift, engine.plain().handle()))
                .argument(dnnl.DNNL_ARG_SRC).argument(dnnl.DNNL_ARG_MEAN).argument(dnnl.DNNL_ARG_VARIANCE)
                .argument(dnnl.DNNL_ARG_SCALE).argument(dnnl.DNNL_ARG_SHIFT).argument(dnnl.DNNL_ARG_DST);
    }

    /** Its gradients. Arguments: those of forward but SHIFT and DST, and DIFF_DST, DIFF_SRC, DIFF_SCALE, DIFF_SHIFT. */
    public static Primitive layerNormBackward(Engine engine, Primitive forward, MemoryDescriptor source,
            MemoryDescriptor statistics, float epsilon) {
        return Primitive.create(engine, "dnnl_layer_normalization_backward_primitive_desc_create",
                out -> dnnl.dnnl_layer_normalization_backward_primitive_desc_create(out, engine.handle(),
                        dnnl.dnnl_backward, source.handle(), source.handle(), source.handle(), statistics.handle(),
                        epsilon, dnnl.dnnl_use_scale | dnnl.dnnl_use_shift, forward.description(),
                        engine.plain().handle()))
                .argument(dnnl.DNNL_ARG_SRC).argument(dnnl.DNNL_ARG_MEAN).argument(dnnl.DNNL_ARG_VARIANCE)
                .argument(dnnl.DNNL_ARG_SCALE).argument(dnnl.DNNL_ARG_DIFF_DST)
                .argument(dnnl.DNNL_ARG_DIFF_SRC).argument(dnnl.DNNL_ARG_DIFF_SCALE)
                .argument(dnnl.DNNL_ARG_DIFF_SHIFT);
    }

    /** destination ← function(source). Arguments: SRC, DST, which may be one memory. */
    public static Primitive eltwise(Engine engine, int algorithm, MemoryDescriptor data) {
        return Primitive.create(engine, "dnnl_eltwise_forward_primitive_desc_create",
                out -> dnnl.dnnl_eltwise_forward_primitive_desc_create(out, engine.handle(),
                        dnnl.dnnl_forward_training, algorithm, data.handle(), data.handle(), 0, 0,
                        engine.plain().handle()))
                .argument(dnnl.DNNL_ARG_SRC).argument(dnnl.DNNL_ARG_DST);
    }

    /**
     * Its gradient. Arguments: {@code data} under the name {@code dataArgument} (SRC for what forward read, DST for what
     * it gave, as the algorithm wants it), DIFF_DST, DIFF_SRC; the last two may be one memory.
     */
    public static Primitive eltwiseBackward(Engine engine, Primitive forward, int algorithm, MemoryDescriptor data,
            int dataArgument) {
        return Primitive.create(engine, "dnnl_eltwise_backward_primitive_desc_create",
                out -> dnnl.dnnl_eltwise_backward_primitive_desc_create(out, engine.handle(), algorithm, data.handle(),
                        data.handle(), data.handle(), 0, 0, forward.description(), engine.plain().handle()))
                .argument(dataArgument).argument(dnnl.DNNL_ARG_DIFF_DST).argument(dnnl.DNNL_ARG_DIFF_SRC);
    }

    /**
     * The gradients of y = x Wᵀ + b by W and, if it is wanted, by b. Arguments: SRC (x), DIFF_DST (the gradient of y),
     * DIFF_WEIGHTS, DIFF_BIAS.
     *
     * @param weight W as the forward pass has it, in any layout: oneDNN wants to know
     */
    public static Primitive linearParameterGradient(Engine engine, MemoryDescriptor x, MemoryDescriptor weight,
            MemoryDescriptor weightGradient, Optional<MemoryDescriptor> biasGradient, MemoryDescriptor gradient) {
        MemorySegment bias = biasGradient.map(NativeObject::handle).orElse(MemorySegment.NULL);
        try (Primitive hint = Primitive.create(engine, "dnnl_inner_product_forward_primitive_desc_create",
                out -> dnnl.dnnl_inner_product_forward_primitive_desc_create(out, engine.handle(),
                        dnnl.dnnl_forward_training, x.handle(), weight.handle(), bias,
                        gradient.handle(), engine.plain().handle()))) {
            Primitive primitive = Primitive.create(engine, "dnnl_inner_product_backward_weights_primitive_desc_create",
                    out -> dnnl.dnnl_inner_product_backward_weights_primitive_desc_create(out, engine.handle(),
                            x.handle(), weightGradient.handle(), bias, gradient.handle(),
                            hint.description(), engine.plain().handle()));
            primitive.argument(dnnl.DNNL_ARG_SRC).argument(dnnl.DNNL_ARG_DIFF_DST)
                    .argument(dnnl.DNNL_ARG_DIFF_WEIGHTS);
            biasGradient.ifPresent(descriptor -> primitive.argument(dnnl.DNNL_ARG_DIFF_BIAS));
            return primitive;
        }
    }

    /** destination ← a + b. Arguments: SRC_0, SRC_1, DST, which may be the memory of SRC_0. */
    public static Primitive add(Engine engine, MemoryDescriptor data) {
        return Primitive.create(engine, "dnnl_binary_primitive_desc_create",
                out -> dnnl.dnnl_binary_primitive_desc_create(out, engine.handle(), dnnl.dnnl_binary_add,
                        data.handle(), data.handle(), data.handle(), engine.plain().handle()))
                .argument(dnnl.DNNL_ARG_SRC_0).argument(dnnl.DNNL_ARG_SRC_1).argument(dnnl.DNNL_ARG_DST);
    }
}
