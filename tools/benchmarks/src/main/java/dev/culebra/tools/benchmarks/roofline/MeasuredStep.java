package dev.culebra.tools.benchmarks.roofline;

import dev.culebra.experiments.study.Experiment;
import dev.culebra.runtime.Backend;
import dev.culebra.tools.benchmarks.study.Sizes;
import dev.culebra.tools.benchmarks.study.StudyStep;

/** A whole training step of a run of the study. A device that records it has done so when it is timed. */
final class MeasuredStep implements AutoCloseable {
    private final Experiment run;
    private final Sizes sizes;
    private final StudyStep step;

    MeasuredStep(Backend backend, Experiment run, Sizes sizes) {
        this.run = run;
        this.sizes = sizes;
        step = new StudyStep(backend, run, sizes);
    }

    /** The step. */
    Call call() {
        Work work = new StepWork(sizes, Widths.of(step.model().backend().precision())).of(step.model().spec(),
                step.optimizer().spec(), step.model().parameters().learnedElements());
        return new Call(run.toString(), "step", run.model() + ", " + run.layers()
                + (run.layers() == 1 ? " layer" : " layers") + ", " + run.optimizer() + ", " + sizes.batch() + " x "
                + sizes.sequenceLength(), work, step::run);
    }

    @Override
    public void close() {
        step.close();
    }
}
