package dev.culebra.runtime.cuda;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import dev.culebra.runtime.cublaslt.MatmulPlan;
import dev.culebra.runtime.trial.Contender;
import dev.culebra.runtime.trial.Contest;
import dev.culebra.runtime.trial.MatmulTrial;
import dev.culebra.runtime.trial.Outcome;
import dev.culebra.runtime.trial.Scratch;

/**
 * A part of an operation that is done by a product, with or without a kernel of ours behind it. An epilogue saves a pass over
 * memory, and yet need not be faster: there may be fewer algorithms with it
 * (https://github.com/karpathy/llm.c/pull/338 found GELU in bfloat16 slower). So both are tried.
 */
interface FusedOrApart extends AutoCloseable {
    /** The product. */
    MatmulPlan product();

    /** The work of this part on random numbers. */
    Contender in(Scratch scratch);

    @Override
    void close();

    /**
     * The faster of two ways, the caller's to close.
     *
     * @param fused the product alone, if the device has it; closed if it is not taken
     * @param apart makes the other
     */
    static <P extends FusedOrApart> P fastest(CudaBackend backend, Optional<P> fused, Supplier<P> apart) {
        if (fused.isEmpty()) {
            return apart.get();
        }
        P alone = fused.get();
        try {
            if (backend.algorithms().choosesFused(alone.product(), () -> outcomes(backend, alone, apart))) {
                return alone;
            }
        } catch (Throwable failure) {
            try (alone) {
                throw failure;
            }
        }
        alone.close();
        return apart.get();
    }

    private static List<Outcome> outcomes(CudaBackend backend, FusedOrApart fused,
            Supplier<? extends FusedOrApart> apart) {
        Contest contest = new Contest(backend.stream(), MatmulTrial.tolerance(fused.product().spec()));
        try (FusedOrApart other = apart.get();
                Scratch ofOther = backend.scratch();
                Scratch ofFused = backend.scratch()) {
            return List.of(contest.enter(other.in(ofOther)), contest.enter(fused.in(ofFused)));
        }
    }
}
