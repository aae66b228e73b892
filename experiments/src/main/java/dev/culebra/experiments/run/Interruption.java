package dev.culebra.experiments.run;

/** Whether the work was asked to stop at the next good moment. */
@FunctionalInterface
public interface Interruption {
    /** True from the moment on that somebody asked. */
    boolean isRequested();
}
