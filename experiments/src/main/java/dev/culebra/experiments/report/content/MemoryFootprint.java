package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.Study;
import dev.culebra.experiments.run.Event;
import dev.culebra.experiments.run.Statistic;
import dev.culebra.experiments.study.ModelKind;

/** How much memory, and what for? */
final class MemoryFootprint {
    private static final int STUDY_WIDTH = 768;
    private static final int STUDY_HEADS = 12;
    private static final double GIGA = 1e9;

    private MemoryFootprint() {}

    static List<Block> of(Study study) {
        Answer answer = new Answer("How much memory, and what for?");
        List<RunGroup> planned = study.groups().stream().filter(group -> group.memoryPlan().isPresent()).toList();
        measured(answer, study);
        planned.stream().max(Comparator.comparingLong(group -> total(group))).ifPresent(largest -> {
            Parts parts = Parts.of(largest.memoryPlan().orElseThrow());
            Map.Entry<String, Long> most = parts.values().stream().max(Map.Entry.comparingByValue()).orElseThrow();
            answer.fact("The program itself asked for most in " + Descriptions.full(largest) + ": "
                    + Formats.memory(total(largest)) + ", of which "
                    + Formats.percent(most.getValue() / (double) total(largest))
                    + " are " + most.getKey() + ".");
        });
        answer.facts(states(study).stream());
        attention(answer, study);
        if (!planned.isEmpty()) {
            answer.show(figure(planned));
            answer.interpretation(interpretation(planned.stream()
                    .max(Comparator.comparingLong(MemoryFootprint::total)).orElseThrow()));
        }
        return answer.blocks();
    }

    private static long total(RunGroup group) {
        return group.memoryPlan().orElseThrow().total();
    }

    private static String interpretation(RunGroup group) {
        Event.MemoryPlan plan = group.memoryPlan().orElseThrow();
        long model = plan.parameters() + plan.gradients() + plan.optimizerState();
        long batch = plan.activations() + plan.batches();
        double total = plan.total();
        return "Weights, gradients and the optimiser's state grow with the model alone and are "
                + Formats.percent(model / total) + " of what " + group.label()
                + " asks for; activations and batches grow with batch and sequence too and are "
                + Formats.percent(batch / total) + "; the rest is workspace. " + (model > batch
                        ? "So a smaller model, or an optimiser with less state, saves more there than a smaller batch."
                        : "So a smaller batch saves more there than an optimiser with less state.");
    }

    private static void measured(Answer answer, Study study) {
        if (study.groups().stream().allMatch(group -> group.peakDeviceMemory().isEmpty())) {
            answer.fact(
                    "No run recorded memory of a device of its own: on a CPU that is the host's, and on a GPU it is "
                            + "sampled from the first complete epoch on.");
        }
        range(answer, study, "Steady-state memory of the device, at its peak", RunGroup::peakDeviceMemory);
        range(answer, study, "Memory of the host", RunGroup::hostMemory);
    }

    private static void range(Answer answer, Study study, String what,
            Function<RunGroup, Optional<Statistic>> quantity) {
        Best.lowest(study.groups(), quantity).ifPresent(low -> {
            RunGroup high = study.groups().stream().filter(group -> quantity.apply(group).isPresent())
                    .max(Comparator.comparingDouble(group -> quantity.apply(group).orElseThrow().mean())).orElseThrow();
            answer.fact(what + ": " + (low.equals(high)
                    ? memory(quantity.apply(low)) + " (" + low.label() + ")."
                    : "from " + memory(quantity.apply(low)) + " (" + Descriptions.full(low) + ") to "
                            + memory(quantity.apply(high)) + " (" + Descriptions.full(high) + ")."));
        });
    }

    private static String memory(Optional<Statistic> bytes) {
        return Formats.memory(bytes.orElseThrow().mean());
    }

    /** What each optimiser keeps beside the weights. */
    private static List<String> states(Study study) {
        List<String> sentences = new ArrayList<>();
        for (ModelKind model : ModelKind.values()) {
            int first = model == ModelKind.LSTM ? 1 : 5;
            List<String> states = new ArrayList<>();
            for (int number = first; number < first + 4; number++) {
                study.experiment(number).ifPresent(group -> group.memoryPlan().ifPresent(plan -> states.add(
                        Formats.optimizer(group.settings().optimizer()) + " "
                                + (plan.optimizerState() == 0 ? "none" : Formats.memory(plan.optimizerState())))));
            }
            if (!states.isEmpty()) {
                sentences.add(
                        "State of the optimiser beside the learned weights (" + Formats.model(model) + ", 1 layer): "
                                + Formats.enumeration(states) + ".");
            }
        }
        return sentences;
    }

    /** The formula, with the width and heads of the runs. */
    private static void attention(Answer answer, Study study) {
        List<RunGroup> transformers = study.of(ModelKind.GPT1);
        Optional<RunGroup> example = transformers.stream().filter(group -> group.experiment().isPresent()).findFirst()
                .or(() -> transformers.stream().findFirst());
        int width = example.map(group -> setting(group, "embedding-width", STUDY_WIDTH)).orElse(STUDY_WIDTH);
        int heads = example.map(group -> setting(group, "heads", STUDY_HEADS)).orElse(STUDY_HEADS);
        long parameters = 4L * width * width + 4L * width;
        answer.endParagraph();
        answer.fact(
                "An attention module of m heads of size d learns 4(m\u00b7d)\u00b2 + 4\u00b7m\u00b7d numbers: four square "
                        + "projections (query, key, value, output) and their biases. With m = " + heads + " and d = "
                        + width / heads
                        + (example.isPresent() ? ", as in " + example.get().label() : ", the study's sizes")
                        + ", that is "
                        + Formats.count(parameters) + ", or " + Formats.memory(4.0 * parameters) + " in fp32.");
    }

    private static int setting(RunGroup group, String name, int otherwise) {
        return group.settings().value(name).map(JsonNode::asInt).orElse(otherwise);
    }

    private record Parts(List<Map.Entry<String, Long>> values) {
        static Parts of(Event.MemoryPlan plan) {
            return new Parts(List.of(Map.entry("weights", plan.parameters()), Map.entry("gradients", plan.gradients()),
                    Map.entry("optimiser state", plan.optimizerState()), Map.entry("activations", plan.activations()),
                    Map.entry("batches", plan.batches()), Map.entry("workspace", plan.workspace())));
        }
    }

    private static Figure figure(List<RunGroup> groups) {
        List<Parts> all = groups.stream().map(group -> Parts.of(group.memoryPlan().orElseThrow())).toList();
        List<Chart.BarPart> parts = new ArrayList<>();
        for (int part = 0; part < all.getFirst().values().size(); part++) {
            int index = part;
            parts.add(new Chart.BarPart(all.getFirst().values().get(part).getKey(), part,
                    all.stream().map(bar -> bar.values().get(index).getValue() / GIGA).toList()));
        }
        return new Figure("memory",
                "What the program asks memory for, as it plans a step: weights, learned and frozen; "
                        + "gradients of the learned ones; the optimiser's state; activations, their gradients and what is kept for the "
                        + "way back; batches; and workspace, scratch memory and copies of weights in another type.",
                "Planned memory: " + Formats.enumeration(
                        groups.stream().map(group -> group.label() + " " + Formats.memory(total(group))).toList())
                        + ".",
                1,
                List.of(new Chart.Bars("Planned memory", new Chart.Axis("GB", Chart.Scale.LINEAR),
                        groups.stream().map(RunGroup::label).toList(), parts)));
    }
}
