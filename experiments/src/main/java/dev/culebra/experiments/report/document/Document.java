package dev.culebra.experiments.report.document;

import java.util.List;

/**
 * A report, independent of the formats in which it is written.
 *
 * @param title its title
 * @param blocks its parts, in their order
 */
public record Document(String title, List<Block> blocks) {
    /** All tables, in their order. */
    public List<Table> tables() {
        return all(Table.class);
    }

    /** All figures, in their order. */
    public List<Figure> figures() {
        return all(Figure.class);
    }

    private <B extends Block> List<B> all(Class<B> kind) {
        return blocks.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
