package dev.culebra.experiments.report.render;

import java.util.List;
import java.util.stream.Collectors;

import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Document;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.experiments.report.document.Table;

/** A report as Markdown, with the tables of GitHub's. Its figures are files beside it. */
public final class Markdown {
    private static final String SPECIAL = "\\`*_[]<>|~#$&";

    private final StringBuilder text = new StringBuilder();
    private int tables;
    private int figures;

    private Markdown() {}

    /**
     * The text.
     *
     * @param figureFolder where the figures' SVG files are, relative to the text
     */
    public static String of(Document document, String figureFolder) {
        return new Markdown().render(document, figureFolder);
    }

    private String render(Document document, String figureFolder) {
        text.append("# ").append(escape(document.title())).append('\n');
        for (Block block : document.blocks()) {
            text.append('\n').append(switch (block) {
                case Block.Heading heading -> "#".repeat(heading.level()) + " " + escape(heading.text()) + "\n";
                case Block.Paragraph paragraph -> switch (paragraph.role()) {
                    case TEXT -> escape(paragraph.text()) + "\n";
                    case INTERPRETATION -> "> **Interpretation:** " + escape(paragraph.text()) + "\n";
                    case NOTICE -> "**" + escape(paragraph.text()) + "**\n";
                };
                case Block.Bullets bullets -> bullets.items().stream().map(item -> "- " + escape(item) + "\n")
                        .collect(Collectors.joining());
                case Table table -> table(table);
                case Figure figure -> figure(figure, figureFolder);
            });
        }
        return text.toString();
    }

    private String table(Table table) {
        tables++;
        return "**Table " + tables + ".** " + escape(table.caption())
                + table.terms().stream().map(term -> " *" + escape(term.name()) + "*: " + escape(term.meaning()) + ".")
                        .collect(Collectors.joining())
                + "\n\n"
                + row(table.columns().stream().map(column -> escape(column.heading())).toList())
                + row(table.columns().stream().map(column -> column.number() ? "---:" : "---").toList())
                + table.rows().stream().map(cells -> row(cells.stream().map(Markdown::cell).toList()))
                        .collect(Collectors.joining());
    }

    private static String cell(Table.Cell cell) {
        return cell.strong() ? "**" + escape(cell.text()) + "**" : escape(cell.text());
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private String figure(Figure figure, String folder) {
        figures++;
        return "![" + escape(figure.alternative()) + "](" + folder + "/" + figure.id() + ".svg)\n\n**Figure " + figures
                + ".** " + escape(figure.caption()) + "\n";
    }

    /** Text that means nothing but itself, on one line. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (SPECIAL.indexOf(point) >= 0) {
                escaped.append('\\');
            }
            escaped.appendCodePoint(point < ' ' ? ' ' : point);
        });
        return escaped.toString();
    }
}
