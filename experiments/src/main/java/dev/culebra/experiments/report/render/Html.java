package dev.culebra.experiments.report.render;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.culebra.experiments.report.chart.Drawings;
import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Document;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.experiments.report.document.Table;

/**
 * A report as one page that needs nothing else: its style and its charts stand in it. It is well-formed XML too. Each chart
 * of a figure is a drawing of its own, so that on a narrow screen they stand below one another.
 */
public final class Html {
    private final Drawings drawings;
    private final StringBuilder page = new StringBuilder();
    private int tables;
    private int figures;

    private Html(Drawings drawings) {
        this.drawings = drawings;
    }

    /** The page. */
    public static String of(Document document, Drawings drawings) {
        return new Html(drawings).render(document);
    }

    private String render(Document document) {
        page.append("""
                <!DOCTYPE html>
                <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
                <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                <h1>%s</h1>
                """.formatted(escape(document.title()), style(), escape(document.title())));
        int contents = page.length();
        document.blocks().forEach(this::block);
        page.insert(firstHeading(contents), contents(document));
        return page.append("</main>\n</body>\n</html>\n").toString();
    }

    private int firstHeading(int from) {
        int heading = page.indexOf("<h2", from);
        return heading < 0 ? page.length() : heading;
    }

    private static String contents(Document document) {
        return document.blocks().stream().filter(Block.Heading.class::isInstance).map(Block.Heading.class::cast)
                .filter(heading -> heading.level() == 2)
                .map(heading -> "<li><a href=\"#" + anchor(heading) + "\">" + escape(heading.text()) + "</a></li>\n")
                .collect(Collectors.joining("", "<nav aria-label=\"Contents\"><ul>\n", "</ul></nav>\n"));
    }

    private void block(Block block) {
        switch (block) {
            case Block.Heading heading -> page.append("<h%d id=\"%s\">%s</h%d>\n".formatted(heading.level(),
                    anchor(heading), escape(heading.text()), heading.level()));
            case Block.Paragraph paragraph -> page.append(switch (paragraph.role()) {
                case TEXT -> "<p>" + escape(paragraph.text()) + "</p>\n";
                case INTERPRETATION -> "<p class=\"interpretation\"><strong>Interpretation:</strong> "
                        + escape(paragraph.text()) + "</p>\n";
                case NOTICE -> "<p class=\"notice\">" + escape(paragraph.text()) + "</p>\n";
            });
            case Block.Bullets bullets -> page.append(bullets.items().stream()
                    .map(item -> "<li>" + escape(item) + "</li>\n")
                    .collect(Collectors.joining("", "<ul>\n", "</ul>\n")));
            case Table table -> table(table);
            case Figure figure -> figure(figure);
        }
    }

    private void table(Table table) {
        tables++;
        String terms = table.terms().stream()
                .map(term -> " <i>" + escape(term.name()) + "</i>: " + escape(term.meaning()) + ".")
                .collect(Collectors.joining());
        String caption = "caption-" + escape(table.id());
        page.append(
                "<figure class=\"table\">\n<figcaption id=\"%s\"><b>Table %d.</b> %s%s</figcaption>\n".formatted(
                        caption,
                        tables,
                        escape(table.caption()), terms));
        // What is wider than the screen is scrolled by itself, with the keyboard too.
        page.append(
                "<div role=\"region\" tabindex=\"0\" aria-labelledby=\"%s\">\n<table aria-labelledby=\"%s\">\n<thead><tr>"
                        .formatted(caption, caption));
        table.columns().forEach(column -> page
                .append("<th scope=\"col\"%s>%s</th>".formatted(number(column), escape(column.heading()))));
        page.append("</tr></thead>\n<tbody>\n");
        for (List<Table.Cell> row : table.rows()) {
            page.append("<tr>");
            for (int index = 0; index < row.size(); index++) {
                Table.Cell cell = row.get(index);
                String tag = index == 0 ? "th scope=\"row\"" : "td";
                page.append("<%s%s>%s</%s>".formatted(tag, number(table.columns().get(index)),
                        cell.strong() ? "<b>" + escape(cell.text()) + "</b>" : escape(cell.text()),
                        index == 0 ? "th" : "td"));
            }
            page.append("</tr>\n");
        }
        page.append("</tbody>\n</table>\n</div>\n</figure>\n");
    }

    private static String number(Table.Column column) {
        return column.number() ? " class=\"number\"" : "";
    }

    private void figure(Figure figure) {
        figures++;
        page.append(
                "<figure id=\"figure-%s\">\n<div class=\"charts%s\" style=\"--columns: %d\" role=\"img\" aria-label=\"%s\">\n"
                        .formatted(
                                escape(figure.id()), figure.charts().getFirst() instanceof Chart.Lines ? "" : " wide",
                                figure.columns(), escape(figure.alternative())));
        figure.charts().forEach(this::chart);
        page.append("</div>\n<figcaption><b>Figure %d.</b> %s</figcaption>\n</figure>\n".formatted(figures,
                escape(figure.caption())));
    }

    /** A chart that is too wide for a phone is there a second time, from which the page's style chooses. */
    private void chart(Chart chart) {
        int width = Drawings.size(chart).width;
        boolean broad = width > Drawings.CHART_WIDTH;
        page.append(broad ? "<div class=\"broad\">" : "<div>").append(drawings.svg(chart, width)).append("</div>\n");
        if (broad) {
            page.append("<div class=\"narrow\">").append(drawings.svg(chart, Drawings.CHART_WIDTH)).append("</div>\n");
        }
    }

    private static String anchor(Block.Heading heading) {
        return heading.text().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    private static String style() {
        try (InputStream stream = Html.class.getResourceAsStream("report.css")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Text inside an element or an attribute; what XML has no place for is left out. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> {
                    boolean control = point < ' ' && point != '\n' && point != '\t';
                    boolean noCharacter = point >= 0xd800 && point <= 0xdfff || point == 0xfffe || point == 0xffff;
                    escaped.appendCodePoint(control || noCharacter ? 0xfffd : point);
                }
            }
        });
        return escaped.toString();
    }
}
