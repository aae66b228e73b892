package dev.culebra.tools.benchmarks.roofline;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import dev.culebra.tools.benchmarks.MarkdownTable;

import static dev.culebra.tools.benchmarks.MarkdownTable.number;

/** All lines as one page in Markdown, for people. */
final class Page {
    private static final String STEP = "step";

    private Page() {}

    static String of(List<Line> lines) {
        StringBuilder page = new StringBuilder();
        select(lines, Setting.class).forEach(setting -> page.append(setting.text()).append("\n\n"));
        page.append("Ceilings: a large matrix product, and a large copy with what it reads and what it writes.\n\n")
                .append(ceilings(lines)).append("\nTraining steps, embeddings frozen:\n\n").append(steps(lines))
                .append("\nOperations, several calls in a row: what fits into the device's cache can exceed the copy.\n\n")
                .append(operations(lines));
        List<Line.Missing> missing = select(lines, Line.Missing.class).toList();
        if (!missing.isEmpty()) {
            page.append("\nNot measured:\n\n");
            missing.forEach(line -> page.append("- ").append(line.what()).append(", ").append(line.precision().label())
                    .append(": ").append(line.reason().lines().findFirst().orElse("")).append('\n'));
        }
        return page.toString();
    }

    private static MarkdownTable ceilings(List<Line> lines) {
        MarkdownTable table = new MarkdownTable(1, List.of("precision", "TFLOP/s", "GB/s"));
        select(lines, Line.Ceiling.class).forEach(line -> table.row(List.of(line.precision().label(),
                number(line.flopPerSecond() / 1e12), number(line.bytesPerSecond() / 1e9))));
        return table;
    }

    private static MarkdownTable steps(List<Line> lines) {
        MarkdownTable table = new MarkdownTable(3, List.of("run", "sizes", "precision", "ms", "fastest", "slowest",
                "GFLOP", "TFLOP/s", "of the ceiling", "device memory, MB"));
        results(lines, true).forEach(line -> table.row(List.of(line.operation(), line.sizes(), line.precision().label(),
                number(line.seconds() * 1e3), number(line.secondsLowest() * 1e3), number(line.secondsHighest() * 1e3),
                number(line.flop() / 1e9), number(line.flop() / line.seconds() / 1e12), share(line),
                line.deviceMemoryBytes().isPresent() ? number(line.deviceMemoryBytes().getAsLong() / 1e6) : "")));
        return table;
    }

    private static MarkdownTable operations(List<Line> lines) {
        MarkdownTable table = new MarkdownTable(4, List.of("operation", "pass", "sizes", "precision", "us", "fastest",
                "slowest", "GFLOP", "MB", "TFLOP/s", "GB/s", "bound by", "of the ceiling"));
        results(lines, false).forEach(line -> table.row(List.of(line.operation(), line.pass(), line.sizes(),
                line.precision().label(), number(line.seconds() * 1e6), number(line.secondsLowest() * 1e6),
                number(line.secondsHighest() * 1e6), number(line.flop() / 1e9), number(line.bytes() / 1e6),
                number(line.flop() / line.seconds() / 1e12), number(line.bytes() / line.seconds() / 1e9), line.bound(),
                share(line))));
        return table;
    }

    private static Stream<Line.Result> results(List<Line> lines, boolean steps) {
        return select(lines, Line.Result.class).filter(line -> line.pass().equals(STEP) == steps);
    }

    private static <T extends Line> Stream<T> select(List<Line> lines, Class<T> kind) {
        return lines.stream().filter(kind::isInstance).map(kind::cast);
    }

    private static String share(Line.Result line) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * line.share());
    }
}
