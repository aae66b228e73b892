package dev.culebra.experiments.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.experiments.files.WholeFile;
import dev.culebra.experiments.report.chart.Drawings;
import dev.culebra.experiments.report.content.Contents;
import dev.culebra.experiments.report.document.Document;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.experiments.report.document.Table;
import dev.culebra.experiments.report.render.Html;
import dev.culebra.experiments.report.render.Latex;
import dev.culebra.experiments.report.render.Markdown;
import dev.culebra.experiments.report.runs.RunFolders;
import dev.culebra.experiments.report.runs.Study;
import dev.culebra.nn.checkpoint.AtomicFile;

/**
 * Tables and figures from a folder of runs.
 *
 * @param study the runs
 * @param document what is said of them
 */
public record Report(Study study, Document document) {
    private static final String FIGURES = "figures";
    private static final String TABLES = "tables";

    /**
     * Reads runs and puts their report together; nothing is written yet.
     *
     * @param runs a folder of run folders, or a run folder
     * @throws BadInputException if there is no run to report on
     */
    public static Report of(Path runs) {
        Study study = Study.of(RunFolders.read(runs));
        return new Report(study, Contents.of(study));
    }

    /**
     * Writes {@code report.html}, {@code report.md} and {@code report.tex}, and the figures and tables that the latter two refer
     * to. Each file appears whole or not at all, and replaces what a report before it left; the three come last.
     *
     * @throws BadInputException if there can be no such folder
     * @throws RunFailedException if a file cannot be written, or nothing can be drawn
     */
    public void write(Path folder) {
        Drawings drawings = drawings();
        create(folder);
        create(folder.resolve(FIGURES));
        create(folder.resolve(TABLES));
        for (Figure figure : document.figures()) {
            WholeFile.write(folder.resolve(FIGURES).resolve(figure.id() + ".png"),
                    stream -> drawings.png(figure, stream));
            text(folder.resolve(FIGURES).resolve(figure.id() + ".svg"), drawings.svg(figure));
        }
        for (Table table : document.tables()) {
            text(folder.resolve(TABLES).resolve(table.id() + ".tex"), Latex.of(table));
        }
        text(folder.resolve("report.tex"), Latex.of(document, TABLES, FIGURES));
        text(folder.resolve("report.md"), Markdown.of(document, FIGURES));
        text(folder.resolve("report.html"), Html.of(document, drawings));
    }

    private static Drawings drawings() {
        try {
            return new Drawings();
        } catch (NoClassDefFoundError e) {
            throw new RunFailedException(
                    "this Java has no module java.desktop to draw figures with; use a whole JDK, or a "
                            + "runtime with that module",
                    e);
        }
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new BadInputException("cannot write to the report's folder " + folder + " (" + AtomicFile.reason(e)
                    + "); choose another one with --out", e);
        }
    }

    private static void text(Path file, String text) {
        WholeFile.write(file, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
