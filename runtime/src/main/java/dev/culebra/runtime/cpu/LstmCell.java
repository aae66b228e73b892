package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.onednn.Attributes;
import dev.culebra.runtime.onednn.Engine;
import dev.culebra.runtime.onednn.MemoryDescriptor;
import dev.culebra.runtime.onednn.Primitive;
import dev.culebra.runtime.onednn.Primitives;
import dev.culebra.runtime.operation.OwningOperation;

/**
 * What an LSTM layer does at a time step beside its matrix products, for B sequences and H units: the gates' functions
 * through oneDNN, c and h, and their gradients, as loops over rows of Java arrays, which the JIT compiler vectorises.
 *
 * <p>The functions are computed for all four gates, σ and tanh, and what is not needed of each is left aside: that is
 * cheaper than to pick. Backward computes them again instead of having them kept.
 */
final class LstmCell extends OwningOperation {
    /** The gates in PyTorch's order. */
    private static final int INPUT = 0;
    private static final int FORGET = 1;
    private static final int CANDIDATE = 2;
    private static final int OUTPUT = 3;
    static final int GATES = 4;

    private final LstmReserve reserve;
    private final int batch;
    private final int hidden;
    private final Primitive sigmoid;
    private final Primitive tanh;
    private final Primitive tanhOfCell;
    private final HostStorage sigmoids; // (B, 4H)
    private final HostStorage tanhs; // (B, 4H)
    private final HostStorage tanhOfCells; // (B, H)
    private final HostStorage cellGradient; // (B, H), of c, from the step after
    private final Optional<Narrowing> narrowHidden;
    private final Optional<Narrowing> narrowGates;
    // A row of each, (H).
    private final float[] i;
    private final float[] f;
    private final float[] g;
    private final float[] o;
    private final float[] c;
    private final float[] tanhC;
    private final float[] dh;
    private final float[] dc;

    /** A cell that works on what a layer keeps. */
    LstmCell(CpuBackend backend, LstmReserve reserve) {
        this.reserve = reserve;
        this.batch = reserve.batch();
        this.hidden = reserve.hiddenSize();
        Engine engine = backend.engine();
        DataType type = reserve.type();
        try (MemoryDescriptor gates = MemoryDescriptor.rowMajor(DataType.F32, batch, GATES * hidden);
                MemoryDescriptor state = MemoryDescriptor.rowMajor(DataType.F32, batch, hidden)) {
            sigmoid = own(Primitives.eltwise(engine, dnnl.dnnl_eltwise_logistic, gates));
            tanh = own(Primitives.eltwise(engine, dnnl.dnnl_eltwise_tanh, gates));
            tanhOfCell = own(Primitives.eltwise(engine, dnnl.dnnl_eltwise_tanh, state));
            sigmoids = own(engine.allocate(gates.bytes()));
            tanhs = own(engine.allocate(gates.bytes()));
            tanhOfCells = own(engine.allocate(state.bytes()));
            cellGradient = own(engine.allocate(state.bytes()));
            narrowHidden = narrowing(engine, state, type, hidden);
            narrowGates = narrowing(engine, gates, type, GATES * hidden);
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
        i = new float[hidden];
        f = new float[hidden];
        g = new float[hidden];
        o = new float[hidden];
        c = new float[hidden];
        tanhC = new float[hidden];
        dh = new float[hidden];
        dc = new float[hidden];
    }

    /** A reorder to the activations' type, and the F32 memory that it reads. */
    private record Narrowing(Primitive reorder, HostStorage wide) {
        void run(long to) {
            reorder.at(dnnl.DNNL_ARG_FROM, wide.segment().address()).at(dnnl.DNNL_ARG_TO, to).execute();
        }
    }

    /** None where activations are F32. */
    private Optional<Narrowing> narrowing(Engine engine, MemoryDescriptor wide, DataType type, int width) {
        if (type == DataType.F32) {
            return Optional.empty();
        }
        try (MemoryDescriptor narrow = MemoryDescriptor.rowMajor(type, batch, width);
                Attributes none = new Attributes()) {
            return Optional.of(new Narrowing(own(Primitives.reorder(engine, wide, narrow, none)),
                    own(engine.allocate(wide.bytes()))));
        }
    }

    /**
     * c_{t+1} ← σ(f) ⊙ c_t + σ(i) ⊙ tanh(g), h_{t+1} ← σ(o) ⊙ tanh(c_{t+1}), of the gates of step t.
     *
     * @param kept what the layer keeps: the gates of step t are there, and c_t
     * @param t the step, from 0
     */
    void forward(MemorySegment kept, int t) {
        applyFunctions(kept.address() + reserve.gates(t));
        for (int row = 0; row < batch; row++) {
            readGate(sigmoids, row, INPUT, i);
            readGate(sigmoids, row, FORGET, f);
            readGate(tanhs, row, CANDIDATE, g);
            readState(kept, reserve.cell(t), row, c);
            updateCell(i, f, g, c);
            writeState(c, kept, reserve.cell(t + 1), row);
        }
        applyTanh(kept.address() + reserve.cell(t + 1));
        MemorySegment wide = narrowHidden.isPresent() ? narrowHidden.get().wide.segment() : kept;
        long offset = narrowHidden.isPresent() ? 0 : reserve.hidden(t + 1);
        for (int row = 0; row < batch; row++) {
            readGate(sigmoids, row, OUTPUT, o);
            readState(tanhOfCells.segment(), 0, row, tanhC);
            multiply(o, tanhC);
            writeState(o, wide, offset, row);
        }
        if (narrowHidden.isPresent()) {
            narrowHidden.get().run(kept.address() + reserve.hidden(t + 1));
        }
    }

    /** The next backward is that of the last time step. */
    void startBackward() {
        cellGradient.segment().fill((byte) 0);
    }

    /**
     * The gradients of a time step's gates. Steps are walked from the last to the first: what comes back through c stays
     * here.
     *
     * @param kept as forward left it, but for the gates of later steps
     * @param t the step, from T - 1 down to 0
     * @param gradient that of h₁ to h_T, F32 (T, B, H)
     * @param dGates overwritten at step t, activations (T, B, 4H); may be the gates that are kept where activations are F32
     */
    void backward(MemorySegment kept, int t, MemorySegment gradient, MemorySegment dGates) {
        applyFunctions(kept.address() + reserve.gates(t));
        applyTanh(kept.address() + reserve.cell(t + 1));
        MemorySegment wide = narrowGates.isPresent() ? narrowGates.get().wide.segment() : dGates;
        long offset = narrowGates.isPresent() ? 0 : t * reserve.gateBytes(DataType.F32);
        for (int row = 0; row < batch; row++) {
            readGate(sigmoids, row, INPUT, i);
            readGate(sigmoids, row, FORGET, f);
            readGate(tanhs, row, CANDIDATE, g);
            readGate(sigmoids, row, OUTPUT, o);
            readState(kept, reserve.cell(t), row, c);
            readState(tanhOfCells.segment(), 0, row, tanhC);
            readState(gradient, t * reserve.stateBytes(DataType.F32), row, dh);
            readState(cellGradient.segment(), 0, row, dc);
            addCellGradient(o, tanhC, dh, dc);
            outputGateGradient(o, tanhC, dh);
            otherGateGradients(i, f, g, c, dc);
            writeGate(i, wide, offset, row, INPUT);
            writeGate(c, wide, offset, row, FORGET);
            writeGate(g, wide, offset, row, CANDIDATE);
            writeGate(o, wide, offset, row, OUTPUT);
            writeState(dc, cellGradient.segment(), 0, row);
        }
        if (narrowGates.isPresent()) {
            narrowGates.get().run(dGates.address() + t * reserve.gateBytes(reserve.type()));
        }
    }

    private void applyFunctions(long gates) {
        sigmoid.at(dnnl.DNNL_ARG_SRC, gates).at(dnnl.DNNL_ARG_DST, sigmoids.segment().address()).execute();
        tanh.at(dnnl.DNNL_ARG_SRC, gates).at(dnnl.DNNL_ARG_DST, tanhs.segment().address()).execute();
    }

    private void applyTanh(long cell) {
        tanhOfCell.at(dnnl.DNNL_ARG_SRC, cell).at(dnnl.DNNL_ARG_DST, tanhOfCells.segment().address()).execute();
    }

    private static void updateCell(float[] i, float[] f, float[] g, float[] c) {
        for (int j = 0; j < c.length; j++) {
            c[j] = f[j] * c[j] + i[j] * g[j];
        }
    }

    private static void multiply(float[] o, float[] tanhC) {
        for (int j = 0; j < o.length; j++) {
            o[j] *= tanhC[j];
        }
    }

    /** dc ← dc + dh ⊙ o ⊙ (1 - tanh²(c)). */
    private static void addCellGradient(float[] o, float[] tanhC, float[] dh, float[] dc) {
        for (int j = 0; j < dc.length; j++) {
            dc[j] += dh[j] * o[j] * (1 - tanhC[j] * tanhC[j]);
        }
    }

    /** o ← dh ⊙ tanh(c) ⊙ o ⊙ (1 - o). */
    private static void outputGateGradient(float[] o, float[] tanhC, float[] dh) {
        for (int j = 0; j < o.length; j++) {
            o[j] = dh[j] * tanhC[j] * o[j] * (1 - o[j]);
        }
    }

    /** i, g and, in the place of c', f become their gradients; dc becomes that of c'. */
    private static void otherGateGradients(float[] i, float[] f, float[] g, float[] c, float[] dc) {
        for (int j = 0; j < i.length; j++) {
            float input = i[j];
            float candidate = g[j];
            i[j] = dc[j] * candidate * input * (1 - input);
            g[j] = dc[j] * input * (1 - candidate * candidate);
        }
        for (int j = 0; j < f.length; j++) {
            c[j] = dc[j] * c[j] * f[j] * (1 - f[j]);
            dc[j] *= f[j];
        }
    }

    private void readGate(HostStorage gates, int row, int gate, float[] values) {
        Elements.read(DataType.F32, gates.segment(), gateIndex(row, gate), values, hidden);
    }

    private void writeGate(float[] values, MemorySegment gates, long offset, int row, int gate) {
        Elements.write(DataType.F32, values, hidden, gates, offset / Float.BYTES + gateIndex(row, gate));
    }

    private long gateIndex(int row, int gate) {
        return ((long) row * GATES + gate) * hidden;
    }

    private void readState(MemorySegment states, long offset, int row, float[] values) {
        Elements.read(DataType.F32, states, offset / Float.BYTES + (long) row * hidden, values, hidden);
    }

    private void writeState(float[] values, MemorySegment states, long offset, int row) {
        Elements.write(DataType.F32, values, hidden, states, offset / Float.BYTES + (long) row * hidden);
    }
}
