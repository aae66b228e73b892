package dev.culebra.runtime.cuda;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import dev.culebra.runtime.cublaslt.MatmulPlan;
import dev.culebra.runtime.cublaslt.MatmulShape;
import dev.culebra.runtime.cublaslt.RememberedAlgorithm;
import dev.culebra.runtime.cublaslt.Workspace;
import dev.culebra.runtime.cudnn.Cudnn;
import dev.culebra.runtime.cudnn.CudnnHandle;
import dev.culebra.runtime.cudnn.RnnAlgorithm;
import dev.culebra.runtime.cudnn.RnnSequences;
import dev.culebra.runtime.cudnn.RnnSpec;
import dev.culebra.runtime.driver.CudaDriver;
import dev.culebra.runtime.driver.CudaOutOfMemoryException;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.driver.MemoryPool;
import dev.culebra.runtime.driver.Stream;
import dev.culebra.runtime.trial.MatmulTrial;
import dev.culebra.runtime.trial.Outcome;
import dev.culebra.runtime.trial.RnnTrial;

/**
 * Which of the ways that cuBLASLt and cuDNN offer is taken: the fastest that is right, repeats bit by bit and can be captured,
 * found by one trial for each product and each network on a kind of device, and remembered ({@link Choices}).
 *
 * <p>A trial is made when an operation is, never later. Where memory for it is lacking, what the library would take is taken.
 */
final class Algorithms {
    private static final String FUSED = "fused";
    private static final List<String> WAYS = List.of("apart", FUSED);
    /** Sources that are tried against the libraries. */
    private static final List<String> TRIED_KERNELS = List.of("activation", "column_sums");

    private final Stream stream;
    private final MemoryPool pool;
    private final Choices choices;
    private final long triedFrom;
    private final String device;

    Algorithms(Stream stream, MemoryPool pool, Trials trials) {
        Device on = stream.context().device();
        this.stream = stream;
        this.pool = pool;
        this.triedFrom = trials.from();
        this.choices = new Choices(trials.files(),
                "driver for CUDA " + CudaDriver.version() + "; kernels " + KernelVariant.digest(TRIED_KERNELS));
        this.device = on.name() + ", compute capability " + on.computeCapability() + ", " + on.multiprocessors()
                + " multiprocessors";
    }

    /** What was chosen. */
    Choices choices() {
        return choices;
    }

    /**
     * Chooses the algorithm of a plan.
     *
     * @param workspaces gives what the plan will work in
     */
    void choose(MatmulPlan plan, Supplier<Workspace> workspaces) {
        String key = plan.key() + ", " + device;
        double multiplications = multiplications(plan);
        if (isLeftToLibrary(key, multiplications)) {
            return;
        }
        Workspace workspace = workspaces.get();
        choices.make(key, remembered -> isTakenUp(plan, remembered, workspace.bytes()),
                () -> fastest(multiplications, () -> MatmulTrial.of(plan, pool, stream, workspace)).map(place -> {
                    plan.choose(plan.algorithms().get(place));
                    return text(plan);
                }), () -> text(plan));
    }

    /**
     * Chooses between a product that does something on the way out, and a kernel behind it.
     *
     * @param fused the product that does it
     * @param trial tries them, first the kernel
     * @return whether the product is to do it; it does where that is not tried
     */
    boolean choosesFused(MatmulPlan fused, Supplier<List<Outcome>> trial) {
        String key = "whether fused: " + fused.key() + ", " + device;
        double multiplications = multiplications(fused);
        return isLeftToLibrary(key, multiplications) || choices.make(key, WAYS::contains,
                () -> fastest(multiplications, trial).map(WAYS::get), () -> FUSED).equals(FUSED);
    }

    /** Whether neither a trial is worth it, nor the run has chosen already. */
    private boolean isLeftToLibrary(String key, double multiplications) {
        return multiplications < triedFrom && !choices.has(key);
    }

    private static double multiplications(MatmulPlan plan) {
        MatmulShape shape = plan.spec().shape();
        return (double) shape.m() * shape.n() * shape.k() * shape.batch();
    }

    private static String text(MatmulPlan plan) {
        return Base64.getEncoder().encodeToString(plan.remember().toBytes());
    }

    /**
     * The place of the fastest of the ways in a trial.
     *
     * @param multiplications of the work
     * @return nothing if there is not enough memory for a trial, or the work is not worth one
     */
    private Optional<Integer> fastest(double multiplications, Supplier<List<Outcome>> trial) {
        if (multiplications < triedFrom) {
            return Optional.empty();
        }
        Optional<Integer> place;
        try {
            place = Optional.of(Outcome.fastest(trial.get()));
        } catch (CudaOutOfMemoryException lacking) {
            place = Optional.empty();
        }
        // What the trial worked in is not to count as this process's memory for ever.
        stream.synchronize();
        pool.trim(0);
        return place;
    }

    private static boolean isTakenUp(MatmulPlan plan, String remembered, long workspaceBytes) {
        try {
            return plan.restore(RememberedAlgorithm.fromBytes(Base64.getDecoder().decode(remembered)), workspaceBytes)
                    .isEmpty();
        } catch (IllegalArgumentException damaged) {
            return false;
        }
    }

    /** The same network with the algorithm that is chosen. */
    RnnSpec choose(CudnnHandle library, RnnSpec spec, RnnSequences sequences) {
        String key = spec.with(RnnAlgorithm.STANDARD) + " over " + sequences.batch() + " sequences of "
                + sequences.longest() + ", cuDNN " + Cudnn.version() + " on " + device;
        double multiplications = multiplications(spec.size(), sequences);
        if (isLeftToLibrary(key, multiplications)) {
            return spec.with(RnnAlgorithm.STANDARD);
        }
        List<RnnAlgorithm> all = List.of(RnnAlgorithm.values());
        String choice = choices.make(key, remembered -> all.stream().anyMatch(each -> each.name().equals(remembered)),
                () -> fastest(multiplications,
                        () -> List.copyOf(RnnTrial.of(library, pool, spec, sequences).values()))
                        .map(place -> all.get(place).name()),
                RnnAlgorithm.STANDARD::name);
        return spec.with(RnnAlgorithm.valueOf(choice));
    }

    /** Those of the gates in a forward pass. */
    private static double multiplications(RnnSpec.Size size, RnnSequences sequences) {
        double ofStep = 0;
        for (int layer = 0; layer < size.layers(); layer++) {
            ofStep += 4.0 * size.hiddenSize() * (size.inputSize(layer) + size.projectionSize());
        }
        return ofStep * sequences.total();
    }
}
