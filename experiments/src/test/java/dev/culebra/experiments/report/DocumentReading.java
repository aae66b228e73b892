package dev.culebra.experiments.report;

import java.util.List;
import java.util.stream.Collectors;

import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Document;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.experiments.report.document.Table;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** What stands in a report, for tests. */
final class DocumentReading {
    private DocumentReading() {}

    static Table table(Document document, String id) {
        return document.tables().stream().filter(table -> table.id().equals(id)).findFirst().orElseThrow();
    }

    static List<String> row(Table table, String run) {
        return table.rows().stream().map(row -> row.stream().map(Table.Cell::text).toList())
                .filter(row -> row.getFirst().equals(run)).findFirst()
                .orElseThrow(() -> new AssertionError(run + " is not in " + table.rows()));
    }

    static List<String> column(Table table, String heading) {
        int index = table.columns().stream().map(Table.Column::heading).toList().indexOf(heading);
        return table.rows().stream().map(row -> row.get(index).text()).toList();
    }

    static List<String> strong(Table table) {
        return table.rows().stream().flatMap(row -> row.stream().filter(Table.Cell::strong)
                .map(cell -> row.getFirst().text() + " " + cell.text())).toList();
    }

    static String paragraphs(Document document, Block.Role role) {
        return document.blocks().stream().filter(Block.Paragraph.class::isInstance).map(Block.Paragraph.class::cast)
                .filter(paragraph -> paragraph.role() == role).map(Block.Paragraph::text)
                .collect(Collectors.joining("\n"));
    }

    /** All sentences, spaces that do not break as others. */
    static String prose(Document document) {
        return document.blocks().stream().flatMap(block -> switch (block) {
            case Block.Paragraph paragraph -> List.of(paragraph.text()).stream();
            case Block.Bullets bullets -> bullets.items().stream();
            default -> List.<String>of().stream();
        }).collect(Collectors.joining("\n")).replace('\u00a0', ' ');
    }

    static void assertSays(String sentence, Document document) {
        assertTrue(prose(document).contains(sentence), () -> sentence + "\nis not in\n" + prose(document));
    }

    static Figure figure(Document document, String id) {
        return document.figures().stream().filter(figure -> figure.id().equals(id)).findFirst().orElseThrow();
    }
}
