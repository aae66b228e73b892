package dev.culebra.experiments.report.document;

import java.util.List;

/**
 * A figure: one chart, or several beside one another.
 *
 * @param id its file's name, without an ending
 * @param caption what it shows, with every symbol explained
 * @param alternative what someone needs to know who cannot see it
 * @param columns how many charts stand beside one another where there is room
 * @param charts its charts
 */
public record Figure(String id, String caption, String alternative, int columns,
        List<Chart> charts) implements Block {}
