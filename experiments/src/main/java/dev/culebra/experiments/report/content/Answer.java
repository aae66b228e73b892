package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Block.Heading;
import dev.culebra.experiments.report.document.Block.Paragraph;

/** The answer to a question of the study, as it is put together: facts in sentences, and conclusions apart from them. */
final class Answer {
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
