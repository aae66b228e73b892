package dev.culebra.runtime.trial;

import java.util.EnumMap;
import java.util.Map;

import dev.culebra.runtime.DataType;
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
 * cuDNN's algorithms for a recurrent network, tried on what a run does with it, with random numbers in memory of their own: a
 * training step (forward, gradient of data, gradient of weights), whose time counts, and an inference, which has to be right and
 * capturable too. {@link RnnAlgorithm#STANDARD}, which is always there, sets the standard.
 */
public final class RnnTrial {
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
        try (Rnn rnn = Rnn.create(library, spec, sequences); Scratch scratch = new Scratch(pool, library.stream())) {
            return contest.enter(trainingStep(rnn, scratch, library.stream()));
        } catch (CudnnException | UnsupportedOperationException refusal) {
            return Outcome.refused(refusal.getMessage());
        }
    }

    /** A step that reads the same numbers whatever the algorithm, and wherever that wants the weights. */
    private static Contender trainingStep(Rnn rnn, Scratch scratch, Stream stream) {
        RnnSpec.Size size = rnn.spec().size();
        DataType type = rnn.spec().arithmetic().dataType();
        long hiddens = (long) size.layers() * rnn.sequences().batch() * size.projectionSize();
        long cells = (long) size.layers() * rnn.sequences().batch() * size.hiddenSize();
        DeviceMemory x = scratch.read(type, rnn.inputElements());
        DeviceMemory dy = scratch.read(type, rnn.outputElements());
        RnnStates initial = RnnStates.of(scratch.read(type, hiddens), scratch.read(type, cells));
        DeviceMemory y = scratch.written(type, rnn.outputElements());
        DeviceMemory inferred = scratch.written(type, rnn.outputElements());
        DeviceMemory dx = scratch.written(type, rnn.inputElements());
        RnnStates last = RnnStates.of(scratch.written(type, hiddens), scratch.written(type, cells));
        RnnStates lastInferred = RnnStates.of(scratch.written(type, hiddens), scratch.written(type, cells));
        DeviceMemory weights = scratch.memory(rnn.weightBytes());
        DeviceMemory dWeights = scratch.memory(rnn.weightBytes());
        DeviceMemory workspace = scratch.memory(rnn.workspaceBytes());
        RnnMemory memory = RnnMemory.forTraining(weights, workspace, scratch.memory(rnn.reserveBytes()));
        weights.clear(stream);
        for (ParameterRegion region : rnn.weightLayout(weights).regions()) {
            long start = region.offset() * type.bytes();
            long bytes = region.shape().elements() * type.bytes();
            scratch.randomize(type, weights.slice(start, bytes), 1 / Math.sqrt(size.hiddenSize()));
            scratch.watch(type, dWeights.slice(start, bytes));
        }
        return scratch.contender(() -> {
            rnn.forward(Rnn.Mode.TRAINING, x, initial, y, last, memory);
            rnn.backwardData(y, dy, initial, Rnn.StateGradients.NONE, dx, memory);
            dWeights.clear(stream);
            rnn.backwardWeights(x, initial, y, dWeights, memory);
        }, () -> rnn.forward(Rnn.Mode.INFERENCE, x, initial, inferred, lastInferred,
                RnnMemory.forInference(weights, workspace)));
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
        return 2 * size.layers()
                * Contest.tolerance(operands, terms, spec.arithmetic() == RnnArithmetic.F64 ? 0x1p-53 : 0x1p-24);
    }
}
