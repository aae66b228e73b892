package dev.culebra.runtime.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.cudnn.RnnStates;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.DeviceSlice;
import dev.culebra.runtime.operation.Lstm;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.ParameterRegion;

/**
 * LSTM layers through cuDNN: all of them as one network, or, where there is dropout between them, each as a network of its own
 * with our masks between. The parameter block is the networks' weight spaces one after another, in cuDNN's own layout.
 *
 * <p>The reserve holds for each network what cuDNN keeps, and for all but the last its output, without and with dropout; that
 * of an inference, for which cuDNN keeps nothing, holds what passes between networks.
 *
 * <p>In bf16, cuDNN takes weights and cell states in bfloat16 and gives such gradients; those of ours are F32, and converted.
 */
final class CudaLstm extends CudaOperation implements Lstm {
    private static final long ALIGNMENT = 256;
    /** One is read while the other is written. */
    private static final int OUTPUTS_AT_ONCE = 2;

    private final LstmSpec spec;
    private final List<LstmNetwork> networks = new ArrayList<>();
    /** Between a network and the next. */
    private final List<CudaDropout> dropouts = new ArrayList<>();
    private final List<ParameterRegion> parameterLayout = new ArrayList<>();
    /** Where in the block each network's weights start, in elements, and at the end how long the block is. */
    private final long[] weightOffsets;
    /** Where in the reserve each network's part starts, in bytes, and at the end how long the reserve is. */
    private final long[] reserveOffsets;
    /** Gradients between networks. */
    private final List<DeviceMemory> gradientsBetween = new ArrayList<>();
    private final Optional<Narrow> narrow;

    CudaLstm(CudaBackend backend, LstmSpec spec) {
        super(backend);
        this.spec = spec;
        boolean apart = spec.dropout() > 0 && spec.layers() > 1;
        int count = apart ? spec.layers() : 1;
        weightOffsets = new long[count + 1];
        reserveOffsets = new long[count + 1];
        try {
            for (int k = 0; k < count; k++) {
                LstmNetwork network = own(new LstmNetwork(backend, spec, k, apart ? 1 : spec.layers()));
                networks.add(network);
                long start = weightOffsets[k];
                network.regions().forEach(region -> parameterLayout
                        .add(new ParameterRegion(region.name(), region.shape(), start + region.offset())));
                weightOffsets[k + 1] = start + network.weightElements();
                reserveOffsets[k + 1] = reserveOffsets[k] + aligned(network.reserveBytes());
                if (k < count - 1) {
                    reserveOffsets[k + 1] += 2 * aligned(network.outputBytes());
                    dropouts.add(own(new CudaDropout(backend, spec.dropoutAfter(k))));
                }
            }
            for (int i = 0; i < Math.min(count - 1, OUTPUTS_AT_ONCE); i++) {
                gradientsBetween.add(workspace(networks.getFirst().outputBytes()));
            }
            narrow = backend.precision() == Precision.BF16 ? Optional.of(own(new Narrow())) : Optional.empty();
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }

    /** What cuDNN has in bfloat16 and we in F32. */
    private final class Narrow extends CudaOperation {
        final DeviceSlice initialCell;
        final DeviceSlice finalCell;
        final DeviceSlice weightGradients;

        Narrow() {
            super(CudaLstm.this.backend);
            long cells = (long) spec.layers() * spec.batch() * spec.hiddenSize() * DataType.BF16.bytes();
            try {
                initialCell = whole(workspace(cells));
                finalCell = whole(workspace(cells));
                weightGradients = whole(workspace(parameterElements() * DataType.BF16.bytes()));
            } catch (Throwable failure) {
                closeAfter(failure);
                throw failure;
            }
        }

        private static DeviceSlice whole(DeviceMemory memory) {
            return memory.slice(0, memory.bytes());
        }
    }

    @Override
    public LstmSpec spec() {
        return spec;
    }

    @Override
    public List<ParameterRegion> parameterLayout() {
        return List.copyOf(parameterLayout);
    }

    @Override
    public long parameterElements() {
        return weightOffsets[networks.size()];
    }

    @Override
    public Shape reserveShape() {
        return Shape.of(Math.toIntExact(reserveOffsets[networks.size()] / backend.activationType().bytes()));
    }

    @Override
    public Shape inferenceReserveShape() {
        int outputs = Math.min(networks.size() - 1, OUTPUTS_AT_ONCE);
        long bytes = outputs * aligned(networks.getFirst().outputBytes());
        return Shape.of(Math.toIntExact(Math.max(1, bytes / backend.activationType().bytes())));
    }

    @Override
    public void forward(Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters, long step, Tensor y,
            Tensor finalHidden, Tensor finalCell, Tensor reserve) {
        if (arguments.lstmForward(this, x, initialHidden, initialCell, parameters, y, finalHidden, finalCell,
                reserve)) {
            return;
        }
        DeviceSlice finalCells = narrow.map(n -> n.finalCell).orElseGet(() -> region(finalCell));
        DeviceSlice initialCells = initialCells(initialCell);
        DeviceSlice weights = backend.operand(parameters);
        for (int k = 0; k < networks.size(); k++) {
            networks.get(k).forward(input(k, x, reserve, step), states(k, region(initialHidden), initialCells),
                    weights(k, weights), output(k, y, reserve), states(k, region(finalHidden), finalCells),
                    kept(k, reserve));
            if (drops(k, step)) {
                Tensor dropped = between(k, reserve, 1);
                region(dropped).copyFrom(region(between(k, reserve, 0)), backend.stream());
                dropouts.get(k).apply(dropped, step);
            }
        }
        widenFinalCells(finalCell);
    }

    @Override
    public void infer(Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters, Tensor y,
            Tensor finalHidden, Tensor finalCell, Tensor reserve) {
        if (arguments.lstmInference(this, x, initialHidden, initialCell, parameters, y, finalHidden, finalCell,
                reserve)) {
            return;
        }
        DeviceSlice finalCells = narrow.map(n -> n.finalCell).orElseGet(() -> region(finalCell));
        DeviceSlice initialCells = initialCells(initialCell);
        DeviceSlice weights = backend.operand(parameters);
        DeviceSlice input = region(x);
        for (int k = 0; k < networks.size(); k++) {
            LstmNetwork network = networks.get(k);
            DeviceSlice output = k == networks.size() - 1
                    ? region(y)
                    : region(reserve).slice(k % OUTPUTS_AT_ONCE * aligned(network.outputBytes()),
                            network.outputBytes());
            network.infer(input, states(k, region(initialHidden), initialCells), weights(k, weights), output,
                    states(k, region(finalHidden), finalCells));
            input = output;
        }
        widenFinalCells(finalCell);
    }

    private void widenFinalCells(Tensor finalCell) {
        narrow.ifPresent(n -> backend.convert(DataType.BF16, n.finalCell, DataType.F32, region(finalCell),
                finalCell.elements()));
    }

    @Override
    public void backward(Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters, long step, Tensor y,
            Tensor reserve, Tensor dy, Tensor dx, Tensor dParameters) {
        if (arguments.lstmBackward(this, x, initialHidden, initialCell, parameters, y, reserve, dy, dx,
                dParameters)) {
            return;
        }
        DeviceSlice initialCells = initialCells(initialCell);
        DeviceSlice weights = backend.operand(parameters);
        DeviceSlice gradients = narrow.map(n -> n.weightGradients).orElseGet(() -> region(dParameters));
        gradients.clear(backend.stream());
        DeviceSlice gradient = region(dy);
        for (int k = networks.size() - 1; k >= 0; k--) {
            DeviceSlice inputGradient = k == 0
                    ? region(dx)
                    : gradientsBetween.get(k % gradientsBetween.size()).slice(0, gradientsBetween.getFirst().bytes());
            networks.get(k).backward(input(k, x, reserve, step), states(k, region(initialHidden), initialCells),
                    weights(k, weights), output(k, y, reserve), kept(k, reserve), gradient, inputGradient,
                    weights(k, gradients));
            if (k > 0 && drops(k - 1, step)) {
                dropouts.get(k - 1).apply(inputGradient, step);
            }
            gradient = inputGradient;
        }
        narrow.ifPresent(n -> backend.convert(DataType.BF16, n.weightGradients, DataType.F32, region(dParameters),
                parameterElements()));
    }

    private DeviceSlice initialCells(Tensor initialCell) {
        narrow.ifPresent(n -> backend.convert(DataType.F32, region(initialCell), DataType.BF16, n.initialCell,
                initialCell.elements()));
        return narrow.map(n -> n.initialCell).orElseGet(() -> region(initialCell));
    }

    private boolean drops(int k, long step) {
        return k < dropouts.size() && step >= 0;
    }

    /** What network k reads. */
    private DeviceSlice input(int k, Tensor x, Tensor reserve, long step) {
        return k == 0 ? region(x) : region(between(k - 1, reserve, drops(k - 1, step) ? 1 : 0));
    }

    /** What network k computes. */
    private DeviceSlice output(int k, Tensor y, Tensor reserve) {
        return k == networks.size() - 1 ? region(y) : region(between(k, reserve, 0));
    }

    /** The output of network k that the reserve holds, without (0) or with (1) dropout. */
    private Tensor between(int k, Tensor reserve, int which) {
        LstmNetwork network = networks.get(k);
        long start = reserveOffsets[k] + aligned(network.reserveBytes()) + which * aligned(network.outputBytes());
        return reserve.view(start / reserve.type().bytes(), Shape.of(spec.dropoutAfter(k).elements()));
    }

    /** What cuDNN keeps for the backward pass of network k. */
    private DeviceSlice kept(int k, Tensor reserve) {
        return region(reserve).slice(reserveOffsets[k], networks.get(k).reserveBytes());
    }

    private DeviceSlice weights(int k, DeviceSlice all) {
        long unit = all.bytes() / parameterElements();
        return all.slice(weightOffsets[k] * unit, (weightOffsets[k + 1] - weightOffsets[k]) * unit);
    }

    private RnnStates states(int k, DeviceSlice hidden, DeviceSlice cell) {
        return RnnStates.of(part(k, hidden), part(k, cell));
    }

    private DeviceSlice part(int k, DeviceSlice all) {
        long bytes = all.bytes() / networks.size();
        return all.slice(k * bytes, bytes);
    }
}
