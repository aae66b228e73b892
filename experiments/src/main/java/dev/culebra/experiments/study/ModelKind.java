package dev.culebra.experiments.study;

import java.util.Locale;

/** The two models of the study. */
public enum ModelKind {
    /** The LSTM language model. */
    LSTM,
    /** MiniGPT1, a small transformer. */
    GPT1;

    /** As on the command line: {@code lstm}, {@code gpt1}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
