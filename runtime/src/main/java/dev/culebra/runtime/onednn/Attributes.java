package dev.culebra.runtime.onednn;

import java.lang.foreign.MemorySegment;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.NativeObject;

/**
 * What a primitive does beside its main computation: operations on its result before that is stored. Its scratch memory is
 * the {@link Engine}'s: oneDNN's own belongs to the thread that made the primitive, and crashes any other.
 */
public final class Attributes extends NativeObject {
    private final MemorySegment postOps;

    /** No extra operations yet. */
    public Attributes() {
        super(OneDnn.create("dnnl_primitive_attr_create", dnnl::dnnl_primitive_attr_create));
        try {
            OneDnn.check("dnnl_primitive_attr_set_scratchpad_mode",
                    dnnl.dnnl_primitive_attr_set_scratchpad_mode(handle(), dnnl.dnnl_scratchpad_mode_user));
            postOps = OneDnn.create("dnnl_post_ops_create", dnnl::dnnl_post_ops_create);
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    /**
     * Then: result ← result where it is positive, elsewhere slope · result. The slope, one F32, is an argument: 0 makes
     * it a ReLU under which NaN stays NaN, where oneDNN's own makes it 0.
     */
    public Attributes parametricRelu() {
        OneDnn.check("dnnl_post_ops_append_prelu", dnnl.dnnl_post_ops_append_prelu(postOps, 0));
        return update();
    }

    /** Then: result ← result · factor + offset. */
    public Attributes linear(float factor, float offset) {
        OneDnn.check("dnnl_post_ops_append_eltwise",
                dnnl.dnnl_post_ops_append_eltwise(postOps, dnnl.dnnl_eltwise_linear, factor, offset));
        return update();
    }

    /** Then: result ← result + what the destination held before. */
    public Attributes accumulate() {
        OneDnn.check("dnnl_post_ops_append_sum",
                dnnl.dnnl_post_ops_append_sum(postOps, 1, 0, dnnl.dnnl_data_type_undef));
        return update();
    }

    /** Then: result ← result + operand, which is broadcast along axes of size 1. */
    public Attributes add(MemoryDescriptor operand) {
        OneDnn.check("dnnl_post_ops_append_binary",
                dnnl.dnnl_post_ops_append_binary(postOps, dnnl.dnnl_binary_add, operand.handle()));
        return update();
    }

    /** The argument under which the operand of the {@code index}-th extra operation is passed. */
    public static int operand(int index) {
        return dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE * (index + 1) | dnnl.DNNL_ARG_SRC_1;
    }

    /** The argument under which the slope of the {@code index}-th extra operation is passed. */
    public static int slope(int index) {
        return dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE * (index + 1) | dnnl.DNNL_ARG_WEIGHTS;
    }

    private Attributes update() {
        OneDnn.check("dnnl_primitive_attr_set_post_ops", dnnl.dnnl_primitive_attr_set_post_ops(handle(), postOps));
        return this;
    }

    @Override
    protected void destroy(MemorySegment handle) {
        if (postOps != null) {
            OneDnn.check("dnnl_post_ops_destroy", dnnl.dnnl_post_ops_destroy(postOps));
        }
        OneDnn.check("dnnl_primitive_attr_destroy", dnnl.dnnl_primitive_attr_destroy(handle));
    }
}
