package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.culebra.experiments.data.BuiltInCorpus;
import dev.culebra.experiments.report.document.Table.Term;
import dev.culebra.experiments.report.runs.RecordedRun;
import dev.culebra.experiments.report.runs.RecordedSettings;
import dev.culebra.experiments.report.runs.RunGroup;

/** Runs in words. */
final class Descriptions {
    private static final Pattern EMBEDDINGS_FILE = Pattern.compile("from (.*)(, (?:frozen|learned further|learned))");

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

    /** The epochs of the lowest validation perplexity, as {@code 5} or {@code 5 to 7}, or {@code 0.23} within the first. */
    static String bestEpochs(RunGroup group) {
        List<Double> epochs = group.bestEpochs();
        return epochs.isEmpty()
                ? Formats.NONE
                : epochs.size() == 1
                        ? Formats.epoch(epochs.getFirst())
                        : Formats.epoch(epochs.getFirst()) + " to " + Formats.epoch(epochs.getLast());
    }

    /** When that was: {@code after epoch 5}, or {@code after 0.23 of an epoch}. */
    static String whenBest(RunGroup group) {
        return group.completedEpochs() > 0
                ? "after epoch " + bestEpochs(group)
                : "after " + bestEpochs(group) + " of an epoch";
    }

    /** The label with the marks that the captions explain. */
    static String marked(RunGroup group) {
        return group.label() + switch (group.state()) {
            case FINISHED -> "";
            case UNFINISHED -> "\u00a0\u2020";
            case DIVERGED -> "\u00a0\u2021";
        };
    }

    /** Explains what a table of these groups has: a dash, the marks of {@link #marked}, and the spread of repeated runs. */
    static List<Term> terms(List<RunGroup> groups, Term... own) {
        List<Term> terms = new ArrayList<>(List.of(own));
        terms.add(new Term(Formats.NONE, "not measured"));
        if (groups.stream().anyMatch(group -> group.state() == RecordedRun.State.UNFINISHED)) {
            terms.add(new Term("\u2020", "unfinished, what there is so far"
                    + (groups.stream().anyMatch(group -> group.runs().size() > 1)
                            ? "; of repeated runs only those that came the farthest count"
                            : "")));
        }
        if (groups.stream().anyMatch(group -> group.state() == RecordedRun.State.DIVERGED)) {
            terms.add(new Term("\u2021", "diverged; it takes no part in any comparison"));
        }
        if (groups.stream().anyMatch(group -> group.runs().size() > 1)) {
            terms.add(new Term("a \u00b1 b",
                    "mean and sample standard deviation over the n runs that differ in nothing but "
                            + "their seed"));
        }
        return terms;
    }

    /** Such as {@code cpu in bf16}. */
    static String device(RecordedRun run) {
        return run.start().map(start -> start.device() + " in " + start.precision().label()).orElse("not recorded");
    }

    /** Where the embeddings came from; of a file its name and its folder's, since a report travels and the folders above do not. */
    static String embeddings(RecordedRun run) {
        return run.start().map(start -> {
            Matcher file = EMBEDDINGS_FILE.matcher(start.embeddings());
            return file.matches() ? "from " + lastNames(file.group(1), 2) + file.group(2) : start.embeddings();
        }).orElse("not recorded");
    }

    /** What was read; of a folder its name, as above. */
    static String data(RecordedRun run) {
        return run.start().map(start -> start.data().startsWith(BuiltInCorpus.NAME)
                ? start.data()
                : lastNames(start.data(), 1)).orElse("not recorded");
    }

    private static String lastNames(String path, int count) {
        List<String> names = List.of(path.split("[/\\\\]"));
        return String.join("/", names.subList(Math.max(0, names.size() - count), names.size()));
    }

    /** How settings depart from the study's, in words; empty where they do not. */
    static String departures(RecordedSettings settings) {
        List<String> words = new ArrayList<>();
        settings.departures()
                .forEach((name, value) -> words
                        .add(name + " " + (value.isNull() ? "unset" : value.asText(value.toString()))));
        return String.join(", ", words);
    }

    /**
     * What holds of runs, each fact once with the runs it holds of: {@code cpu} where it is one fact, else
     * {@code cuda (exp5); cpu (all others)}.
     */
    static String facts(List<RunGroup> groups, Function<RecordedRun, String> fact) {
        Map<String, List<String>> labels = labels(groups, fact);
        if (labels.size() == 1) {
            return labels.keySet().iterator().next();
        }
        Optional<String> usual = labels.entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                .filter(entry -> entry.getValue().size() > 2).map(Map.Entry::getKey);
        Stream<String> others = labels.entrySet().stream().filter(entry -> !usual.equals(Optional.of(entry.getKey())))
                .map(entry -> entry.getKey() + " (" + Formats.enumeration(entry.getValue()) + ")");
        return Stream.concat(others, usual.stream().map(text -> text + " (all others)"))
                .collect(Collectors.joining("; "));
    }

    /** Facts with the runs they hold of, as {@code 3 epochs (exp1 and exp2); 4 epochs (exp3)}. */
    static String factsOfSome(List<RunGroup> groups, Function<RecordedRun, String> fact) {
        return labels(groups, fact).entrySet().stream()
                .map(entry -> entry.getKey() + " (" + Formats.enumeration(entry.getValue()) + ")")
                .collect(Collectors.joining("; "));
    }

    private static Map<String, List<String>> labels(List<RunGroup> groups, Function<RecordedRun, String> fact) {
        Map<String, List<String>> labels = new LinkedHashMap<>();
        for (RunGroup group : groups) {
            group.runs().stream().map(fact).distinct()
                    .forEach(text -> labels.computeIfAbsent(text, _ -> new ArrayList<>()).add(group.label()));
        }
        return labels;
    }
}
