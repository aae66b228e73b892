package dev.culebra.experiments.report.document;

import java.util.List;

/** A part of a report, the same whatever format it is written in. All texts are plain: each format escapes them itself. */
public sealed interface Block permits Block.Heading, Block.Paragraph, Block.Bullets, Table, Figure {
    /**
     * A heading.
     *
     * @param level 2 for a section, 3 for one within it
     * @param text its words
     */
    record Heading(int level, String text) implements Block {}

    /**
     * Sentences.
     *
     * @param role what they are
     * @param text the sentences
     */
    record Paragraph(Role role, String text) implements Block {
        /** Sentences of the report itself. */
        public static Paragraph of(String text) {
            return new Paragraph(Role.TEXT, text);
        }

        /** What someone may conclude from the numbers before it, who may be wrong. */
        public static Paragraph interpretation(String text) {
            return new Paragraph(Role.INTERPRETATION, text);
        }

        /** What nobody should miss. */
        public static Paragraph notice(String text) {
            return new Paragraph(Role.NOTICE, text);
        }
    }

    /** What a paragraph is. */
    enum Role {
        /** Facts. */
        TEXT,
        /** A conclusion, which every format marks as such. */
        INTERPRETATION,
        /** What nobody should miss. */
        NOTICE
    }

    /**
     * A list of sentences.
     *
     * @param items its points
     */
    record Bullets(List<String> items) implements Block {}
}
