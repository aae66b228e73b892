package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.culebra.experiments.data.BuiltInCorpus;
import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Block.Bullets;
import dev.culebra.experiments.report.document.Block.Paragraph;
import dev.culebra.experiments.report.runs.RecordedRun;
import dev.culebra.experiments.report.runs.RecordedRun.State;
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.Study;
import dev.culebra.experiments.study.ModelKind;

/** What the runs were: the first lines of a report, before any result. */
final class Overview {
    private static final int STUDY_EPOCHS = 10;

    private Overview() {}

    static List<Block> of(Study study) {
        List<Block> blocks = new ArrayList<>();
        List<RunGroup> shortened = study.groups().stream().filter(Overview::isShortened).toList();
        if (!shortened.isEmpty()) {
            blocks.add(Paragraph.notice("Shortened runs: the study trains each run for 10 epochs; "
                    + (shortened.size() == study.groups().size()
                            ? "these made " + Descriptions.facts(shortened, Overview::extent)
                            : "some of these made " + Descriptions.factsOfSome(shortened, Overview::extent))
                    + ", on " + Descriptions.facts(shortened, Descriptions::device)
                    + ". Their perplexities are not those of a full study."
                    + (shortened.stream().allMatch(Answer::isLongEnough)
                            ? ""
                            : " Of runs with fewer than " + Answer.ENOUGH
                                    + " epochs nothing is concluded: within the first no "
                                    + "text is read twice, so nothing is known by heart yet, and to see validation turn takes "
                                    + "an epoch before its lowest and one after.")));
        }
        if (isBuiltIn(study)) {
            boolean all = study.runs().stream().allMatch(Overview::isBuiltIn);
            blocks.add(Paragraph.notice((all ? "These runs" : "Some of these runs")
                    + " did not read WikiText-2 but the small "
                    + "corpus inside the program: the perplexities of such runs compare with one another alone."));
        }
        blocks.add(new Bullets(facts(study)));
        blocks.addAll(headline(study));
        return blocks;
    }

    /** Whether it has fewer epochs than the study's runs. */
    static boolean isShortened(RunGroup group) {
        return group.completedEpochs() < STUDY_EPOCHS;
    }

    private static String extent(RecordedRun run) {
        String epochs = run.epochs().isEmpty()
                ? run.points().isEmpty()
                        ? "no validation"
                        : Formats.epoch(run.points().getLast().epoch()) + " of an epoch"
                : Formats.counted(run.epochs().size(), "epoch");
        return epochs + ", " + Formats.counted(run.stepsMade(), "step");
    }

    /** Whether any run read the corpus that ships with the program. */
    static boolean isBuiltIn(Study study) {
        return study.runs().stream().anyMatch(Overview::isBuiltIn);
    }

    private static boolean isBuiltIn(RecordedRun run) {
        return run.start().filter(start -> start.data().startsWith(BuiltInCorpus.NAME)).isPresent();
    }

    private static List<String> facts(Study study) {
        List<RunGroup> groups = study.groups();
        List<String> facts = new ArrayList<>();
        facts.add("Runs: " + Formats.counted(study.runs().size(), "run") + ", " + states(study.runs()) + ".");
        facts.add("Device and precision: " + Descriptions.facts(groups, Descriptions::device) + ".");
        facts.add("Embeddings: " + Descriptions.facts(groups, Descriptions::embeddings) + ".");
        facts.add("Data: " + Descriptions.facts(groups, Descriptions::data) + ".");
        List<RunGroup> measured = groups.stream()
                .filter(group -> group.runs().stream().noneMatch(run -> run.points().isEmpty())).toList();
        if (!measured.isEmpty()) {
            facts.add("Text: " + Descriptions.facts(measured, Overview::tokens) + ".");
        }
        facts.add("Length: " + Descriptions.facts(groups, Overview::length) + ".");
        List<RunGroup> departing = groups.stream()
                .filter(group -> !Descriptions.departures(group.settings()).isEmpty()).toList();
        String departures = departing.size() == groups.size()
                ? Descriptions.facts(departing, run -> Descriptions.departures(run.settings()))
                : Descriptions.factsOfSome(departing, run -> Descriptions.departures(run.settings()));
        if (!departures.isEmpty()) {
            facts.add("Settings other than the study's: " + departures + ".");
        }
        TreeSet<String> names = study.runs().stream().flatMap(run -> run.circumstances().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        for (String name : names) {
            facts.add(name + ": " + Descriptions.facts(groups,
                    run -> run.circumstances().getOrDefault(name, "not recorded")) + ".");
        }
        return facts;
    }

    private static String states(List<RecordedRun> runs) {
        Map<State, Long> counts = runs.stream()
                .collect(Collectors.groupingBy(RecordedRun::state, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream().map(entry -> Formats.count(entry.getValue()) + switch (entry.getKey()) {
            case FINISHED -> " finished";
            case UNFINISHED -> " unfinished";
            case DIVERGED -> " diverged";
        }).collect(Collectors.joining(", "));
    }

    private static String tokens(RecordedRun run) {
        return Formats.count(run.trainingTokens())
                + (run.epochs().isEmpty() ? " tokens learned from and " : " tokens to learn from and ")
                + Formats.count(run.points().getFirst().validation().tokens()) + " to validate on";
    }

    private static String length(RecordedRun run) {
        return extent(run) + " of " + Formats.count(run.totalSteps());
    }

    private static List<Block> headline(Study study) {
        List<String> sentences = new ArrayList<>();
        for (ModelKind model : ModelKind.values()) {
            Best.byValidation(study.sound().stream().filter(group -> group.model() == model).toList())
                    .ifPresent(best -> sentences.add("Lowest validation perplexity of "
                            + (model == ModelKind.LSTM ? "the LSTMs" : "the transformers") + ": "
                            + Formats.statistic(best.bestValidation(), Formats::perplexity) + ", "
                            + Descriptions.full(best)
                            + ", " + Descriptions.whenBest(best) + "."));
        }
        return sentences.isEmpty() ? List.of() : List.of(Paragraph.of(String.join(" ", sentences)));
    }
}
