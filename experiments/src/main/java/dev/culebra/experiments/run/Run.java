package dev.culebra.experiments.run;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.culebra.experiments.data.SplitName;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.failure.InterruptedRunException;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.nn.LanguageModel;
import dev.culebra.nn.MemoryUse;
import dev.culebra.nn.TrainingStep;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;

/** Makes a run, from its data to its last checkpoint. */
public final class Run {
    private final RunRequest request;
    private final RunListener display;
    private final Interruption interruption;
    private final StartUpClock startUp = new StartUpClock();

    /**
     * A run that is not started yet.
     *
     * @param display hears everything that happens
     * @param interruption asks it to stop
     */
    public Run(RunRequest request, RunListener display, Interruption interruption) {
        this.request = request;
        this.display = display;
        this.interruption = interruption;
    }

    /**
     * Starts the run, or continues it where it was, and brings it to its end.
     *
     * @throws BadInputException if something that was handed in cannot be used; nothing was changed then
     * @throws InterruptedRunException if it was asked to stop
     * @throws dev.culebra.experiments.failure.RunFailedException if it cannot be finished
     */
    public void make() {
        Configuration configuration = request.configuration();
        RunDirectory directory = request.directory();
        if (request.resume()) {
            directory.requireRun(configuration);
        } else {
            directory.requireFree();
        }
        RunData data = RunData.read(configuration);
        RunPlan plan = RunPlan.of(request, data);
        if (request.resume() && directory.stepsOfFinishedRun().orElse(-1) >= plan.totalSteps()) {
            display.note("The run in " + directory.folder() + " is finished: there is nothing to continue.");
            return;
        }
        startUp.dataRead();
        try (Backend backend = openBackend(configuration.run().device(), configuration.run().precision(),
                request.graph())) {
            startUp.deviceOpened();
            make(data, plan, backend, Circumstances.of(backend, data));
        }
    }

    private void make(RunData data, RunPlan plan, Backend backend, Circumstances circumstances) {
        RunDirectory directory = request.directory();
        OptionalLong available = backend.availableBytes();
        try (Learner learner = learner(backend, data, plan, circumstances);
                TrainingStep step = new TrainingStep(learner.model(), learner.optimizer())) {
            new MemoryForecast(MemoryUse.of(learner.model(), learner.optimizer()), backend.name(), available,
                    learner.model().options().batch(), request.resume()).requireEnough();
            TrainingState start = learner.state();
            directory.create();
            // Its lock is the run's: what comes after it, no other process does at the same time.
            try (MetricsFile metrics = new MetricsFile(directory.metrics())) {
                List<Event> told = metrics.events();
                if (request.resume()) {
                    directory.requireWhole(told, start);
                } else {
                    directory.requireNoRun();
                }
                Event.all(told, Event.Failure.class)
                        .forEach(failure -> display.note("Before, it failed after step " + failure.step() + ": "
                                + failure.reason()));
                metrics.keep((int) told.stream().takeWhile(start::isAfter).count());
                directory.writeConfiguration(request.configuration(),
                        Provenance.of(start.step(), request.command(), backend));
                try (TensorBoardFile board = new TensorBoardFile(directory.folder(), start.step())) {
                    train(learner, step, data, plan, new Checkpoints(directory, learner, circumstances),
                            RunListeners.of(request.memoryReport()
                                    ? List.of(metrics, board, display, new MemoryTable(display))
                                    : List.of(metrics, board, display)));
                }
            }
        }
    }

    /** Opens a device by its name on the command line. */
    static Backend openBackend(String device, Precision precision, boolean graph) {
        try {
            return Backends.open(device, precision, graph);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(e.getMessage() + "; choose with --device and --precision, and see 'doctor'", e);
        }
    }

    private Learner learner(Backend backend, RunData data, RunPlan plan, Circumstances circumstances) {
        Configuration configuration = request.configuration();
        boolean hasState = request.resume() && Files.exists(request.directory().last());
        if (request.resume() && !hasState) {
            display.note("The run in " + request.directory().folder() + " has no checkpoint yet: it starts anew.");
        }
        return hasState
                ? Learner.resume(backend, configuration, data, plan, circumstances, request.directory().last())
                : Learner.start(backend, configuration, data, plan);
    }

    private void train(Learner learner, TrainingStep step, RunData data, RunPlan plan, Checkpoints checkpoints,
            RunListener listener) {
        long begin = System.nanoTime();
        describe(learner, data, plan);
        listener.event(start(learner, data, plan));
        Trainer trainer = new Trainer(learner, step, data, plan, checkpoints, listener, interruption);
        try {
            TrainingState end = trainer.train();
            if (plan.endsWithTest(end)) {
                Evaluator evaluator = new Evaluator(learner.model(), listener, interruption);
                listener.event(new Event.Evaluation(SplitName.TEST, evaluator.evaluate(SplitName.TEST, data.test())));
            }
        } catch (InterruptedRunException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            tell(Event.Failure.of(trainer.step(), e), listener, e);
            throw e;
        }
        listener.event(new Event.End(trainer.step(), (System.nanoTime() - begin) / 1e9, Memory.peakBytes()));
    }

    /** What cannot be told, because the folder is full for example, hides nothing of the failure itself. */
    private static void tell(Event.Failure event, RunListener listener, Throwable failure) {
        try {
            listener.event(event);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private void describe(Learner learner, RunData data, RunPlan plan) {
        LanguageModel model = learner.model();
        Configuration configuration = request.configuration();
        display.note(configuration.name() + ": " + model.spec().label() + ", "
                + Numbers.counted(model.spec().layers(), "layer") + ", " + configuration.optimization().optimizer()
                + "; "
                + Numbers.count(model.parameters().learnedElements()) + " learned parameters");
        display.note("Device: " + model.backend().description() + ", " + model.backend().precision().label());
        display.note("Data: " + data.corpus().description() + "; " + Numbers.count(data.train().dataset().size())
                + " training sequences, " + Numbers.count(plan.stepsPerEpoch()) + " steps an epoch, vocabulary of "
                + Numbers.count(model.spec().vocabulary()));
        display.note("Embeddings: " + learner.embeddings());
        if (learner.lostChoices() > 0) {
            display.note(
                    "Of the algorithms that this run chose before, " + learner.lostChoices() + " are not there any "
                            + "more: others were chosen, and it does not go on bit for bit.");
        }
        display.note("Run folder: " + request.directory().folder()
                + (learner.state().step() > 0 ? ", continued after step " + learner.state().step() : ""));
    }

    private Event.Start start(Learner learner, RunData data, RunPlan plan) {
        LanguageModel model = learner.model();
        return new Event.Start(request.configuration().name(), learner.state().step(), plan.totalSteps(),
                plan.stepsPerEpoch(), model.parameters().learnedElements(), model.backend().name(),
                model.backend().precision(), data.corpus().description(), learner.embeddings(),
                Optional.of(startUp.modelMade()));
    }
}
