package dev.culebra.experiments.run;

import java.util.List;

import dev.culebra.experiments.data.SplitName;

/**
 * Several listeners as one.
 *
 * @param listeners hear in this order
 */
public record RunListeners(List<RunListener> listeners) implements RunListener {
    /** Those of a list as one, which leaves it to others to close them. */
    public static RunListener of(List<RunListener> listeners) {
        return new RunListeners(List.copyOf(listeners));
    }

    @Override
    public void event(Event event) {
        listeners.forEach(listener -> listener.event(event));
    }

    @Override
    public void note(String sentence) {
        listeners.forEach(listener -> listener.note(sentence));
    }

    @Override
    public void progress(Progress progress) {
        listeners.forEach(listener -> listener.progress(progress));
    }

    @Override
    public void evaluating(SplitName split, int batch, int batches) {
        listeners.forEach(listener -> listener.evaluating(split, batch, batches));
    }
}
