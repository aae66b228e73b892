package dev.culebra.runtime.trial;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.cudnn.CudnnException;
import dev.culebra.runtime.cudnn.CudnnHandle;
import dev.culebra.runtime.cudnn.Rnn;
import dev.culebra.runtime.cudnn.RnnAlgorithm;
import dev.culebra.runtime.cudnn.RnnArithmetic;
import dev.culebra.runtime.cudnn.RnnMemory;
import dev.culebra.runtime.cudnn.RnnSequences;
import dev.culebra.runtime.cudnn.RnnSpec;
import dev.culebra.runtime.cudnn.RnnStates;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.MemoryPool;
import dev.culebra.runtime.driver.Stream;
import dev.culebra.runtime.operation.ParameterRegion;

/**
 * cuDNN's algorithms for a recurrent network, tried on a training step of it (forward, gradient of data, gradient of weights)
 * with random numbers in memory of their own. {@link RnnAlgorithm#STANDARD}, which is always there, sets the standard.
 */
public final class RnnTrial {
    /** The largest of many errors, in those that one rounding makes. */
    private static final int LARGEST_ERROR = 16;

    private RnnTrial() {}

    /**
     * Tries all algorithms. Waits for the library's stream.
     *
     * @param pool where memory for the step comes from and goes back to
     * @param spec the network, of which the algorithm does not matter
     * @return what was found, in the order of the algorithms
     * @throws dev.culebra.runtime.driver.CudaOutOfMemoryException if there is not enough memory for a step
     * @throws IllegalStateException in a capture
     */
    public static Map<RnnAlgorithm, Outcome> of(CudnnHandle library, MemoryPool pool, RnnSpec spec,
            RnnSequences sequences) {
        Contest contest = new Contest(library.stream(), tolerance(spec, sequences));
        Map<RnnAlgorithm, Outcome> outcomes = new EnumMap<>(RnnAlgorithm.class);
        for (RnnAlgorithm algorithm : RnnAlgorithm.values()) {
            outcomes.put(algorithm, outcome(contest, library, pool, spec.with(algorithm), sequences));
        }
        return outcomes;
    }

    private static Outcome outcome(Contest contest, CudnnHandle library, MemoryPool pool, RnnSpec spec,
            RnnSequences sequences) {
        try (TrainingStep step = new TrainingStep(library, pool, spec, sequences)) {
            return contest.enter(step);
        } catch (CudnnException | UnsupportedOperationException refusal) {
            return Outcome.refused(refusal.getMessage());
        }
    }

    /** What each layer rounds on the way up and down, and the sums: over gates, or for weights over all steps. */
    private static double tolerance(RnnSpec spec, RnnSequences sequences) {
        RnnSpec.Size size = spec.size();
        double operands = switch (spec.arithmetic()) {
            case STRICT_F32 -> 0x1p-24;
            case TF32 -> 0x1p-11;
            case BF16 -> 0x1p-9;
            case F64 -> 0x1p-53;
        };
        long terms = Math.max(4L * size.hiddenSize() + size.inputSize(), sequences.total());
        double sums = Math.sqrt(terms) * (spec.arithmetic() == RnnArithmetic.F64 ? 0x1p-53 : 0x1p-24);
        return 2 * size.layers() * LARGEST_ERROR * (operands + sums);
    }

    /** A step with all its memory. What it reads is the same for all algorithms, wherever they want the weights. */
    private static final class TrainingStep implements Contender, AutoCloseable {
        private final OwnedParts owned = new OwnedParts();
        private final MemoryPool pool;
        private final Stream stream;
        private final DataType type;
        private final Rnn rnn;
        private final DeviceMemory x;
        private final DeviceMemory dy;
        private final RnnStates initial;
        private final DeviceMemory y;
        private final DeviceMemory dx;
        private final RnnStates last;
        private final DeviceMemory dWeights;
        private final RnnMemory memory;
        private final List<Numbers> results = new ArrayList<>();
        private long seed = 1;

        TrainingStep(CudnnHandle library, MemoryPool pool, RnnSpec spec, RnnSequences sequences) {
            this.pool = pool;
            this.stream = library.stream();
            this.type = spec.arithmetic().dataType();
            RnnSpec.Size size = spec.size();
            long states = (long) size.layers() * sequences.batch();
            try {
                rnn = owned.own(Rnn.create(library, spec, sequences));
                x = read(rnn.inputElements());
                dy = read(rnn.outputElements());
                initial = RnnStates.of(read(states * size.projectionSize()), read(states * size.hiddenSize()));
                y = written(rnn.outputElements());
                dx = written(rnn.inputElements());
                last = RnnStates.of(written(states * size.projectionSize()), written(states * size.hiddenSize()));
                DeviceMemory weights = allocate(rnn.weightBytes());
                dWeights = allocate(rnn.weightBytes());
                memory = RnnMemory.forTraining(weights, allocate(rnn.workspaceBytes()), allocate(rnn.reserveBytes()));
                weights.clear(stream);
                for (ParameterRegion region : rnn.weightLayout(weights).regions()) {
                    part(weights, region).randomize(seed++, 1 / Math.sqrt(size.hiddenSize()), stream);
                    results.add(part(dWeights, region));
                }
            } catch (Throwable failure) {
                owned.closeAfter(failure);
                throw failure;
            }
        }

        private Numbers part(DeviceMemory space, ParameterRegion region) {
            return new Numbers(type, space.slice(region.offset() * type.bytes(),
                    region.shape().elements() * type.bytes()));
        }

        private DeviceMemory read(long elements) {
            DeviceMemory memory = allocate(elements * type.bytes());
            new Numbers(type, memory).randomize(seed++, 1, stream);
            return memory;
        }

        private DeviceMemory written(long elements) {
            DeviceMemory memory = allocate(elements * type.bytes());
            results.add(new Numbers(type, memory));
            return memory;
        }

        private DeviceMemory allocate(long bytes) {
            return owned.own(pool.allocate(Math.max(bytes, 1), stream));
        }

        @Override
        public void run() {
            rnn.forward(Rnn.Mode.TRAINING, x, initial, y, last, memory);
            rnn.backwardData(y, dy, initial, Rnn.StateGradients.NONE, dx, memory);
            dWeights.clear(stream);
            rnn.backwardWeights(x, initial, y, dWeights, memory);
        }

        @Override
        public List<Numbers> results() {
            return results;
        }

        @Override
        public void close() {
            owned.close();
        }
    }
}
