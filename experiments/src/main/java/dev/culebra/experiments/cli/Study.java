package dev.culebra.experiments.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.failure.InterruptedRunException;
import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.experiments.run.Event;
import dev.culebra.experiments.run.Interruption;
import dev.culebra.experiments.run.ResultTables.StudyRow;
import dev.culebra.experiments.run.Run;
import dev.culebra.experiments.run.RunListener;
import dev.culebra.experiments.run.RunListeners;
import dev.culebra.experiments.run.RunRequest;
import dev.culebra.experiments.run.RunSummary;
import dev.culebra.experiments.run.StudyDisplay;

/** Makes several runs, one after another or some at once. What becomes of one does not end the others. */
final class Study {
    private final Map<String, RunRequest> requests;
    private final StudyDisplay display;
    private final Interruption interruption;
    private final AtomicBoolean toldOfSharing = new AtomicBoolean();

    /** What became of a run. */
    sealed interface Outcome {
        /** It is finished. */
        record Finished() implements Outcome {}

        /** It was asked to stop, and is saved. */
        record Saved() implements Outcome {}

        /** It was not begun any more. */
        record NotBegun() implements Outcome {}

        /** It could not be finished. */
        record Failed(Throwable reason) implements Outcome {}
    }

    /** @param requests the runs by their names, in the order in which they are begun */
    Study(Map<String, RunRequest> requests, StudyDisplay display, Interruption interruption) {
        this.requests = requests;
        this.display = display;
        this.interruption = interruption;
    }

    /** Makes all runs, so many at once, and returns what became of each. */
    Map<String, Outcome> make(int parallel) {
        Map<String, CompletableFuture<Outcome>> going = new LinkedHashMap<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(parallel)) {
            requests.forEach((name, request) -> going.put(name,
                    CompletableFuture.supplyAsync(() -> outcome(name, request, parallel > 1), executor)));
        }
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        going.forEach((name, outcome) -> outcomes.put(name, outcome.join()));
        return outcomes;
    }

    private Outcome outcome(String name, RunRequest request, boolean atOnce) {
        if (interruption.isRequested()) {
            return new Outcome.NotBegun();
        }
        try (RunListener shown = display.of(name)) {
            new Run(request, atOnce ? RunListeners.of(List.of(shown, new Sharing())) : shown, interruption).make();
            shown.note(("done. " + String.join(" ", RunSummary.of(request.directory()).sentences())).strip());
            return new Outcome.Finished();
        } catch (InterruptedRunException e) {
            return new Outcome.Saved();
        } catch (RuntimeException | Error e) {
            display.note(name + " failed: " + ErrorText.of(e));
            return new Outcome.Failed(e);
        }
    }

    /** Says once what it means that runs share the processor. */
    private final class Sharing implements RunListener {
        @Override
        public void event(Event event) {
            if (event instanceof Event.Start start && start.device().equals("cpu")
                    && toldOfSharing.compareAndSet(false, true)) {
                display.note(
                        "Runs at once share the processor, of which each could use all: together they take about as long "
                                + "as one after another, and more memory. --parallel is for GPUs.");
            }
        }
    }

    /** The table's rows. */
    List<StudyRow> rows(Map<String, Outcome> outcomes) {
        return requests.entrySet().stream().map(run -> {
            Outcome outcome = outcomes.get(run.getKey());
            String mark = switch (outcome) {
                case Outcome.Finished _ -> "";
                case Outcome.Saved _,Outcome.NotBegun _ -> ", unfinished";
                case Outcome.Failed _ -> ", failed";
            };
            return new StudyRow(run.getKey() + mark, run.getValue().configuration(),
                    summary(run.getValue(), outcome), outcome instanceof Outcome.Finished);
        }).toList();
    }

    /** What is there of a run that was refused is damaged or that of another one. */
    private static RunSummary summary(RunRequest request, Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed && failed.reason() instanceof BadInputException) {
            return RunSummary.NONE;
        }
        try {
            return RunSummary.of(request.directory());
        } catch (BadInputException e) {
            // That was told if the run failed, and will be once it is begun.
            return RunSummary.NONE;
        }
    }

    /**
     * Makes sure that all runs are finished.
     *
     * @param command the command line, which goes on with those that are not
     * @throws RunFailedException if a run failed, telling which, why, and how to go on
     * @throws BadInputException the same if all that failed did so for bad input
     * @throws InterruptedRunException if none failed, but not all were made
     */
    static void requireFinished(Map<String, Outcome> outcomes, String command) {
        Map<String, List<String>> runsByText = new LinkedHashMap<>();
        List<Throwable> reasons = new ArrayList<>();
        outcomes.forEach((name, outcome) -> {
            if (outcome instanceof Outcome.Failed failed) {
                runsByText.computeIfAbsent(ErrorText.of(failed.reason()), text -> new ArrayList<>()).add(name);
                reasons.add(failed.reason());
            }
        });
        if (!reasons.isEmpty()) {
            boolean badInput = reasons.stream().allMatch(BadInputException.class::isInstance);
            // What no run can be made with is to be told as if there were one run.
            String text = badInput && reasons.size() == outcomes.size() && runsByText.size() == 1
                    ? runsByText.keySet().iterator().next()
                    : runsByText.entrySet().stream()
                            .map(failure -> String.join(", ", failure.getValue()) + " failed: " + failure.getKey())
                            .collect(Collectors.joining("; ")) + ". " + count(outcomes) + "; go on with: " + command;
            RuntimeException together = badInput ? new BadInputException(text) : new RunFailedException(text);
            reasons.forEach(together::addSuppressed);
            throw together;
        }
        if (!outcomes.values().stream().allMatch(Outcome.Finished.class::isInstance)) {
            throw new InterruptedRunException("interrupted; " + count(outcomes));
        }
    }

    /** Such as {@code 3 of 12 runs finished, 2 saved, 6 not begun}. */
    private static String count(Map<String, Outcome> outcomes) {
        long saved = count(outcomes, Outcome.Saved.class);
        long notBegun = count(outcomes, Outcome.NotBegun.class);
        return count(outcomes, Outcome.Finished.class) + " of " + outcomes.size() + " runs finished"
                + (saved > 0 ? ", " + saved + " saved" : "") + (notBegun > 0 ? ", " + notBegun + " not begun" : "");
    }

    private static long count(Map<String, Outcome> outcomes, Class<? extends Outcome> kind) {
        return outcomes.values().stream().filter(kind::isInstance).count();
    }
}
