/**
 * From run folders to a report, in four steps that know only what is before them: {@code runs} reads folders and takes
 * numbers from them, {@code content} says what they show, as a {@code document} that knows no format, and {@code render} and
 * {@code chart} write that as a page, Markdown, LaTeX and figures.
 */
package dev.culebra.experiments.report;
