package dev.culebra.experiments.report.document;

import java.util.List;

/**
 * A table.
 *
 * @param id its name in file names and links
 * @param caption what it shows
 * @param terms its headings and symbols, explained
 * @param columns its columns
 * @param rows its rows, each with as many cells as there are columns
 */
public record Table(String id, String caption, List<Term> terms, List<Column> columns,
        List<List<Cell>> rows) implements Block {
    /** A table whose rows fit its columns. */
    public Table {
        for (List<Cell> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("a row of " + row.size() + " cells in " + columns.size()
                        + " columns: " + row);
            }
        }
    }

    /**
     * A heading or a symbol.
     *
     * @param name as it stands in the table
     * @param meaning what it means
     */
    public record Term(String name, String meaning) {}

    /**
     * A column.
     *
     * @param heading its heading
     * @param number whether it holds numbers, which stand to the right
     */
    public record Column(String heading, boolean number) {
        /** A column of words. */
        public static Column words(String heading) {
            return new Column(heading, false);
        }

        /** A column of numbers. */
        public static Column numbers(String heading) {
            return new Column(heading, true);
        }
    }

    /**
     * A cell.
     *
     * @param text what it holds
     * @param strong whether it stands out
     */
    public record Cell(String text, boolean strong) {
        /** A plain one. */
        public static Cell of(String text) {
            return new Cell(text, false);
        }
    }
}
