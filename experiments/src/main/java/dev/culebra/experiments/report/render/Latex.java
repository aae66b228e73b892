package dev.culebra.experiments.report.render;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Document;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.experiments.report.document.Table;

/** A report as LaTeX, for pdflatex: a document, and each of its tables as a file that any other document can read. */
public final class Latex {
    /** What a document that reads a table must load. */
    private static final String PACKAGES = "\\usepackage{booktabs,graphicx}\n";
    private static final Map<Integer, String> SYMBOLS = symbols();

    private Latex() {}

    /**
     * The document.
     *
     * @param tableFolder where the tables' files are, relative to it
     * @param figureFolder where the figures' PNG files are, relative to it
     */
    public static String of(Document document, String tableFolder, String figureFolder) {
        return """
                \\documentclass[11pt,a4paper]{article}
                \\usepackage[T1]{fontenc}
                \\usepackage{textcomp}
                \\usepackage[margin=25mm]{geometry}
                %s\\usepackage[hidelinks]{hyperref}
                \\extrafloats{100}
                \\setlength{\\parindent}{0pt}
                \\setlength{\\parskip}{6pt}
                \\emergencystretch=3em
                \\title{%s}
                \\author{}
                \\date{}
                \\begin{document}
                \\maketitle
                %s\\end{document}
                """.formatted(PACKAGES, escape(document.title()), document.blocks().stream()
                .map(block -> "\n" + block(block, tableFolder, figureFolder)).collect(Collectors.joining()));
    }

    private static String block(Block block, String tableFolder, String figureFolder) {
        return switch (block) {
            case Block.Heading heading -> (heading.level() == 2 ? "\\clearpage\n\\section{" : "\\subsection{")
                    + escape(heading.text()) + "}\n";
            case Block.Paragraph paragraph -> switch (paragraph.role()) {
                case TEXT -> escape(paragraph.text()) + "\n";
                case INTERPRETATION -> "\\begin{quote}\n\\textit{Interpretation:} " + escape(paragraph.text())
                        + "\n\\end{quote}\n";
                case NOTICE -> "\\textbf{" + escape(paragraph.text()) + "}\n";
            };
            case Block.Bullets bullets -> bullets.items().stream().map(item -> "\\item{} " + escape(item) + "\n")
                    .collect(Collectors.joining("", "\\begin{itemize}\n", "\\end{itemize}\n"));
            case Table table -> "\\input{" + tableFolder + "/" + table.id() + "}\n";
            case Figure figure -> """
                    \\begin{figure}[htbp]
                    \\centering
                    \\includegraphics[width=%s\\linewidth,height=0.75\\textheight,keepaspectratio]{%s/%s.png}
                    \\caption{%s}
                    \\label{fig:%s}
                    \\end{figure}
                    """.formatted(width(figure), figureFolder, figure.id(), escape(figure.caption()), figure.id());
        };
    }

    /** So that the letters of all figures have about one size. */
    private static String width(Figure figure) {
        return figure.charts().getFirst() instanceof Chart.Lines && figure.columns() < 3
                ? figure.columns() == 2 ? "0.8" : "0.45"
                : "";
    }

    /** A table by itself. */
    public static String of(Table table) {
        return """
                %% A document that reads this needs: %s
                \\begin{table}[htbp]
                \\centering
                \\caption{%s}
                \\label{tab:%s}
                \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%%
                \\begin{tabular}{%s}
                \\toprule
                %s\\midrule
                %s\\bottomrule
                \\end{tabular}}
                \\end{table}
                """.formatted(PACKAGES.strip(), escape(table.caption()) + table.terms().stream()
                .map(term -> " \\textit{" + escape(term.name()) + "}: " + escape(term.meaning()) + ".")
                .collect(Collectors.joining()), table.id(),
                table.columns().stream().map(column -> column.number() ? "r" : "l").collect(Collectors.joining()),
                row(table.columns().stream().map(column -> escape(column.heading())).toList()),
                table.rows().stream().map(row -> row(row.stream().map(Latex::cell).toList()))
                        .collect(Collectors.joining()));
    }

    private static String cell(Table.Cell cell) {
        return cell.strong() ? "\\textbf{" + escape(cell.text()) + "}" : escape(cell.text());
    }

    private static String row(List<String> cells) {
        // An empty group before the first cell, as in a list: it may begin with a bracket, which what is before would take.
        return "{}" + String.join(" & ", cells) + " \\\\\n";
    }

    private static Map<Integer, String> symbols() {
        Map<Integer, String> symbols = new HashMap<>();
        for (char special : "{}$&#_%".toCharArray()) {
            symbols.put((int) special, "\\" + special);
        }
        symbols.put((int) '\\', "\\textbackslash{}");
        symbols.put((int) '~', "\\textasciitilde{}");
        symbols.put((int) '^', "\\textasciicircum{}");
        symbols.put((int) '<', "\\textless{}");
        symbols.put((int) '>', "\\textgreater{}");
        symbols.put((int) '|', "\\textbar{}");
        symbols.put((int) '"', "\\textquotedbl{}");
        symbols.put((int) '\'', "\\textquotesingle{}");
        symbols.put((int) '`', "\\textasciigrave{}");
        // Two in a row would become one longer dash.
        symbols.put((int) '-', "-{}");
        symbols.put((int) '\u2013', "\\textendash{}");
        symbols.put((int) '\u2212', "$-$");
        symbols.put((int) '\u00b1', "$\\pm$");
        symbols.put((int) '\u00d7', "$\\times$");
        symbols.put((int) '\u00b7', "$\\cdot$");
        symbols.put((int) '\u00b2', "$^2$");
        symbols.put((int) '\u2020', "\\textdagger{}");
        symbols.put((int) '\u2021', "\\textdaggerdbl{}");
        symbols.put((int) '\u0394', "$\\Delta$");
        symbols.put((int) '\u221e', "$\\infty$");
        symbols.put((int) '\u00a0', "~");
        return Map.copyOf(symbols);
    }

    /** Text that means nothing but itself. Letters that pdflatex has no fonts for appear by their number. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(point -> {
            boolean latin = point >= ' ' && point < 0x7f || point >= 0xc0 && point <= 0xff;
            if (SYMBOLS.containsKey(point)) {
                escaped.append(SYMBOLS.get(point));
            } else if (latin) {
                escaped.appendCodePoint(point);
            } else {
                escaped.append(point < ' ' ? " " : "U+%04X".formatted(point));
            }
        });
        return escaped.toString();
    }
}
