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

    LstmCell(CpuBackend backend, int batch, int hidden) {
        this.batch = batch;
        this.hidden = hidden;
        Engine engine = backend.engine();
        DataType type = backend.activationType();
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
        void run(MemorySegment to) {
            reorder.at(dnnl.DNNL_ARG_FROM, wide.segment().address()).at(dnnl.DNNL_ARG_TO, to.address()).execute();
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
     * c ← σ(f) ⊙ c' + σ(i) ⊙ tanh(g), h ← σ(o) ⊙ tanh(c).
     *
     * @param gates before their functions, F32 (B, 4H)
     * @param previousCell c', F32 (B, H)
     * @param cell overwritten with c, F32 (B, H)
     * @param h overwritten, activations (B, H)
     */
    void forward(MemorySegment gates, MemorySegment previousCell, MemorySegment cell, MemorySegment h) {
        applyFunctions(gates);
        for (int row = 0; row < batch; row++) {
            readGate(sigmoids, row, INPUT, i);
            readGate(sigmoids, row, FORGET, f);
            readGate(tanhs, row, CANDIDATE, g);
            readState(previousCell, row, c);
            updateCell(i, f, g, c);
            writeState(c, cell, row);
        }
        applyTanh(cell);
        MemorySegment wide = narrowHidden.map(narrowing -> narrowing.wide.segment()).orElse(h);
        for (int row = 0; row < batch; row++) {
            readGate(sigmoids, row, OUTPUT, o);
            readState(tanhOfCells.segment(), row, tanhC);
            multiply(o, tanhC);
            writeState(o, wide, row);
        }
        narrowHidden.ifPresent(narrowing -> narrowing.run(h));
    }

    /** The next backward is that of the last time step. */
    void startBackward() {
        cellGradient.segment().fill((byte) 0);
    }

    /**
     * The gradients of a time step's gates. Steps are walked from the last to the first: what comes back through c stays
     * here.
     *
     * @param gates as forward had them
     * @param previousCell c', as forward had it
     * @param cell c, as forward left it
     * @param dHidden the gradient of h, F32 (B, H)
     * @param dGates overwritten, activations (B, 4H); may be {@code gates} where activations are F32
     */
    void backward(MemorySegment gates, MemorySegment previousCell, MemorySegment cell, MemorySegment dHidden,
            MemorySegment dGates) {
        applyFunctions(gates);
        applyTanh(cell);
        MemorySegment wide = narrowGates.map(narrowing -> narrowing.wide.segment()).orElse(dGates);
        for (int row = 0; row < batch; row++) {
            readGate(sigmoids, row, INPUT, i);
            readGate(sigmoids, row, FORGET, f);
            readGate(tanhs, row, CANDIDATE, g);
            readGate(sigmoids, row, OUTPUT, o);
            readState(previousCell, row, c);
            readState(tanhOfCells.segment(), row, tanhC);
            readState(dHidden, row, dh);
            readState(cellGradient.segment(), row, dc);
            addCellGradient(o, tanhC, dh, dc);
            outputGateGradient(o, tanhC, dh);
            otherGateGradients(i, f, g, c, dc);
            writeGate(i, wide, row, INPUT);
            writeGate(c, wide, row, FORGET);
            writeGate(g, wide, row, CANDIDATE);
            writeGate(o, wide, row, OUTPUT);
            writeState(dc, cellGradient.segment(), row);
        }
        narrowGates.ifPresent(narrowing -> narrowing.run(dGates));
    }

    private void applyFunctions(MemorySegment gates) {
        sigmoid.at(dnnl.DNNL_ARG_SRC, gates.address()).at(dnnl.DNNL_ARG_DST, sigmoids.segment().address()).execute();
        tanh.at(dnnl.DNNL_ARG_SRC, gates.address()).at(dnnl.DNNL_ARG_DST, tanhs.segment().address()).execute();
    }

    private void applyTanh(MemorySegment cell) {
        tanhOfCell.at(dnnl.DNNL_ARG_SRC, cell.address()).at(dnnl.DNNL_ARG_DST, tanhOfCells.segment().address())
                .execute();
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
        Elements.read(DataType.F32, gates.segment(), gateOffset(row, gate), values, hidden);
    }

    private void writeGate(float[] values, MemorySegment gates, int row, int gate) {
        Elements.write(DataType.F32, values, hidden, gates, gateOffset(row, gate));
    }

    private long gateOffset(int row, int gate) {
        return ((long) row * GATES + gate) * hidden;
    }

    private void readState(MemorySegment state, int row, float[] values) {
        Elements.read(DataType.F32, state, (long) row * hidden, values, hidden);
    }

    private void writeState(float[] values, MemorySegment state, int row) {
        Elements.write(DataType.F32, values, hidden, state, (long) row * hidden);
    }
}
