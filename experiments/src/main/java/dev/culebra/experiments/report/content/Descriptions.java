package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.culebra.experiments.report.runs.RecordedRun;
import dev.culebra.experiments.report.runs.RunGroup;

/** Runs in words. */
final class Descriptions {
    private Descriptions() {}

    /** Such as {@code 4}; a dash where a checkpoint decided it. */
    static String layers(RunGroup group) {
        return group.settings().layers().isPresent()
                ? String.valueOf(group.settings().layers().getAsInt())
                : Formats.NONE;
    }

    /** Such as {@code exp9 (LSTM, 2 layers, AdamW)}. */
    static String full(RunGroup group) {
        return group.label() + " (" + Formats.model(group.model()) + ", "
                + (group.settings().layers().isPresent()
                        ? Formats.counted(group.settings().layers().getAsInt(), "layer") + ", "
                        : "")
                + Formats.optimizer(group.settings().optimizer()) + ")";
    }

    /** As the title of a chart: {@code exp9: 2 layers, AdamW}. */
    static String titled(RunGroup group) {
        return group.label() + ": "
                + (group.settings().layers().isPresent()
                        ? Formats.counted(group.settings().layers().getAsInt(), "layer") + ", "
                        : "")
                + Formats.optimizer(group.settings().optimizer());
    }

    /** The label with the marks that the captions explain. */
    static String marked(RunGroup group) {
        return group.label() + switch (group.state()) {
            case FINISHED -> "";
            case UNFINISHED -> " \u2020";
            case DIVERGED -> " \u2021";
        };
    }

    /** Explains the marks that {@link #marked} gives some of these groups, and the spread of repeated runs. */
    static String marks(List<RunGroup> groups) {
        StringBuilder text = new StringBuilder();
        if (groups.stream().anyMatch(group -> group.state() == RecordedRun.State.UNFINISHED)) {
            text.append(" \u2020: unfinished, what there is so far.");
        }
        if (groups.stream().anyMatch(group -> group.state() == RecordedRun.State.DIVERGED)) {
            text.append(" \u2021: diverged; it takes no part in any comparison.");
        }
        if (groups.stream().anyMatch(group -> group.runs().size() > 1)) {
            text.append(" a \u00b1 b: mean and sample standard deviation over n runs that differ in nothing but their "
                    + "seed.");
        }
        return text.toString();
    }

    /** How settings depart from the study's, in words; empty where they do not. */
    static String departures(RunGroup group) {
        List<String> words = new ArrayList<>();
        group.settings().departures()
                .forEach((name, value) -> words
                        .add(name + " " + (value.isNull() ? "unset" : value.asText(value.toString()))));
        return String.join(", ", words);
    }

    /**
     * What holds of runs, each fact once with the runs it holds of: {@code cpu} where it is one fact, else
     * {@code cpu (exp1); cuda (exp2 and exp3)}.
     */
    static String facts(List<RunGroup> groups, Function<RecordedRun, String> fact) {
        Map<String, List<String>> labels = new LinkedHashMap<>();
        for (RunGroup group : groups) {
            group.runs().stream().map(fact).distinct()
                    .forEach(text -> labels.computeIfAbsent(text, _ -> new ArrayList<>()).add(group.label()));
        }
        return labels.size() == 1
                ? labels.keySet().iterator().next()
                : labels.entrySet().stream()
                        .map(entry -> entry.getKey() + " (" + Formats.enumeration(entry.getValue()) + ")")
                        .collect(Collectors.joining("; "));
    }
}
