package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Block.Heading;
import dev.culebra.experiments.report.document.Block.Paragraph;
import dev.culebra.experiments.report.runs.RunGroup;

/** The answer to a question of the study, as it is put together: facts in sentences, and conclusions apart from them. */
final class Answer {
    /**
     * Epochs without which nothing is concluded of how a run learns. Within the first no text is read twice, so that nothing is
     * known by heart yet, and to see validation turn takes an epoch before its lowest and one after.
     */
    static final int ENOUGH = 3;

    private final List<Block> blocks = new ArrayList<>();
    private final List<String> facts = new ArrayList<>();

    /** An answer under a heading. */
    Answer(String question) {
        blocks.add(new Heading(3, question));
    }

    /** Adds a sentence with a number from the runs. */
    Answer fact(String sentence) {
        facts.add(sentence);
        return this;
    }

    /** Adds such sentences. */
    Answer facts(Stream<String> sentences) {
        sentences.forEach(facts::add);
        return this;
    }

    /** Adds a list of such sentences, after the facts so far. */
    Answer list(List<String> sentences) {
        endParagraph();
        if (!sentences.isEmpty()) {
            blocks.add(new Block.Bullets(sentences));
        }
        return this;
    }

    /** Whether something may be concluded of how runs learn. */
    static boolean isLongEnough(RunGroup group) {
        return group.completedEpochs() >= ENOUGH;
    }

    /** Adds a conclusion on how some runs learn; where one of them is too short for any, it says so instead. */
    Answer conclusion(List<RunGroup> runs, String sentence) {
        endParagraph();
        List<String> tooShort = runs.stream().filter(group -> !isLongEnough(group)).map(RunGroup::label).toList();
        if (!tooShort.isEmpty()) {
            return fact(
                    "No interpretation: " + Formats.enumeration(tooShort) + (tooShort.size() == 1 ? " has" : " have")
                            + " not completed " + ENOUGH + " epochs.")
                    .endParagraph();
        }
        List<String> falling = runs.stream().filter(Answer::isFalling).map(RunGroup::label).toList();
        return interpretation(sentence + (falling.isEmpty()
                ? ""
                : " At the end " + Formats.enumeration(falling)
                        + " still came lower with every epoch, so more of them may "
                        + "change this."));
    }

    private static boolean isFalling(RunGroup group) {
        List<RunGroup.CurvePoint> curve = group.curve();
        return new Comparison(curve.getLast().validation().orElseThrow(),
                curve.get(curve.size() - 2).validation().orElseThrow()).verdict() == Comparison.Verdict.HIGHER;
    }

    /** Adds a conclusion, after the facts so far. */
    Answer interpretation(String sentence) {
        endParagraph();
        blocks.add(Paragraph.interpretation(sentence));
        return this;
    }

    /** Adds a table or a figure, after the facts so far. */
    Answer show(Block block) {
        endParagraph();
        blocks.add(block);
        return this;
    }

    /** Ends a paragraph. */
    Answer endParagraph() {
        if (!facts.isEmpty()) {
            blocks.add(Paragraph.of(String.join(" ", facts)));
            facts.clear();
        }
        return this;
    }

    /** All of it. */
    List<Block> blocks() {
        endParagraph();
        return List.copyOf(blocks);
    }
}
