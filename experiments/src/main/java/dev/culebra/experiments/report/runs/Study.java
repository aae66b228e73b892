package dev.culebra.experiments.report.runs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.experiments.study.ModelKind;

/**
 * All runs of a report, those that differ in nothing but their seed taken together. A run that made the embeddings of others
 * is none, unless there is no other.
 *
 * @param groups by architecture, layers and optimiser
 * @param damaged the run folders that could not be read, with the reason
 */
public record Study(List<RunGroup> groups, List<String> damaged) {
    private static final String SEED = "seed";

    /** Arranges runs. */
    public static Study of(RunFolders folders) {
        List<RecordedRun> runs = folders.runs().stream().filter(run -> !run.settings().madeEmbeddings()).toList();
        List<List<RecordedRun>> sets = sets(runs.isEmpty() ? folders.runs() : runs);
        List<RunGroup> groups = new ArrayList<>();
        for (List<RecordedRun> set : sets) {
            Optional<Experiment> experiment = set.getFirst().settings().experiment()
                    .filter(candidate -> representative(sets, candidate) == set);
            groups.add(
                    new RunGroup(experiment.map(Experiment::toString).orElseGet(() -> label(set.getFirst().folder())),
                            experiment, set));
        }
        groups.sort(Comparator.comparing(RunGroup::model)
                .thenComparing(group -> group.settings().layers().orElse(Integer.MAX_VALUE))
                .thenComparing(Study::optimizerRank)
                .thenComparing(group -> group.experiment().isPresent() ? 0 : 1).thenComparing(RunGroup::label));
        return new Study(groups, folders.damaged());
    }

    /** Runs that differ in nothing but their seed, the longest of each seed; its others are sets of their own. */
    private static List<List<RecordedRun>> sets(List<RecordedRun> runs) {
        Map<Map<String, JsonNode>, Map<String, RecordedRun>> repeated = new LinkedHashMap<>();
        List<List<RecordedRun>> others = new ArrayList<>();
        for (RecordedRun run : runs) {
            repeated.computeIfAbsent(withoutSeed(run), _ -> new LinkedHashMap<>()).merge(run.settings().seed(), run,
                    (before, now) -> {
                        boolean longer = now.stepsMade() > before.stepsMade();
                        others.add(List.of(longer ? before : now));
                        return longer ? now : before;
                    });
        }
        return Stream.concat(repeated.values().stream().map(bySeed -> List.copyOf(bySeed.values())), others.stream())
                .toList();
    }

    /** What makes runs the same: their settings, and where their embeddings came from, which these do not say. */
    private static Map<String, JsonNode> withoutSeed(RecordedRun run) {
        Map<String, JsonNode> key = new TreeMap<>(run.settings().values());
        key.remove(SEED);
        run.start().ifPresent(start -> key.put("embeddings as used", TextNode.valueOf(start.embeddings())));
        return key;
    }

    /** A folder's name, told apart from the study's runs. */
    private static String label(String folder) {
        return Arrays.stream(Experiment.values()).anyMatch(experiment -> experiment.toString().equals(folder))
                ? "folder " + folder
                : folder;
    }

    /** Of all runs with an experiment's model, depth and optimiser, those that are most like the study's, and longest. */
    private static List<RecordedRun> representative(List<List<RecordedRun>> sets, Experiment experiment) {
        return sets.stream().filter(runs -> runs.getFirst().settings().experiment().equals(Optional.of(experiment)))
                .min(Comparator
                        .comparingInt((List<RecordedRun> runs) -> runs.getFirst().settings().departures().size())
                        .thenComparingLong(
                                runs -> -runs.stream().mapToLong(RecordedRun::stepsMade).max().orElseThrow())
                        .thenComparingInt(runs -> -runs.size()))
                .orElseThrow();
    }

    /** In the study's order: adam, adamw, sgd, momentum. */
    private static int optimizerRank(RunGroup group) {
        return switch (group.settings().optimizer()) {
            case ADAM -> 0;
            case ADAMW -> 1;
            case SGD -> 2;
            case MOMENTUM -> 3;
        };
    }

    /** All runs, one by one. */
    public List<RecordedRun> runs() {
        return groups.stream().flatMap(group -> group.runs().stream()).toList();
    }

    /** The group that stands for an experiment. */
    public Optional<RunGroup> experiment(int number) {
        return groups.stream()
                .filter(group -> group.experiment().filter(experiment -> experiment.number() == number).isPresent())
                .findFirst();
    }

    /** The groups of a model. */
    public List<RunGroup> of(ModelKind model) {
        return groups.stream().filter(group -> group.model() == model).toList();
    }

    /** Groups that were validated and did not diverge. */
    public List<RunGroup> sound() {
        return groups.stream().filter(RunGroup::isMeasured)
                .filter(group -> group.state() != RecordedRun.State.DIVERGED).toList();
    }

    /** Whether some group has several runs. */
    public boolean hasRepetitions() {
        return groups.stream().anyMatch(group -> group.runs().size() > 1);
    }

    /** Pairs that differ in nothing but one setting: without it, and with it. */
    public List<Pair> pairs(String setting) {
        List<Pair> pairs = new ArrayList<>();
        for (RunGroup with : groups) {
            if (amount(with, setting) > 0) {
                groups.stream()
                        .filter(without -> amount(without, setting) == 0
                                && without.settings().equalsExcept(with.settings(), Set.of(SEED, setting)))
                        .findFirst().ifPresent(without -> pairs.add(new Pair(without, with)));
            }
        }
        return pairs;
    }

    /** The groups that have a setting above zero. */
    public List<RunGroup> having(String setting) {
        return groups.stream().filter(group -> amount(group, setting) > 0).toList();
    }

    private static double amount(RunGroup group, String setting) {
        return group.settings().value(setting).map(JsonNode::asDouble).orElse(0.0);
    }

    /**
     * Two groups to compare.
     *
     * @param without the setting
     * @param with the setting
     */
    public record Pair(RunGroup without, RunGroup with) {}
}
