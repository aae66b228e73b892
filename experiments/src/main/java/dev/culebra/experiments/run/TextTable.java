package dev.culebra.experiments.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table for people, its columns aligned: words to the left, numbers to the right. */
final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these headings. */
    TextTable(String... headings) {
        row(headings);
    }

    /** Adds a row of as many cells. */
    void row(String... cells) {
        rows.add(Arrays.asList(cells));
    }

    /** The table, a line for each row. */
    List<String> lines() {
        int columns = rows.getFirst().size();
        int[] widths = IntStream.range(0, columns)
                .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0)).toArray();
        boolean[] numbers = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            int at = column;
            numbers[column] = rows.stream().skip(1)
                    .allMatch(row -> row.get(at).matches("[-\\d.,:]*( ± [\\d.,]+)?( s)?"));
        }
        return rows.stream().map(row -> IntStream.range(0, columns)
                .mapToObj(column -> pad(row.get(column), widths[column], numbers[column]))
                .collect(Collectors.joining("   ")).stripTrailing()).toList();
    }

    private static String pad(String cell, int width, boolean right) {
        String space = " ".repeat(width - cell.length());
        return right ? space + cell : cell + space;
    }
}
