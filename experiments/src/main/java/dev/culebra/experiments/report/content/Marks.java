package dev.culebra.experiments.report.content;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

import dev.culebra.experiments.report.document.Table.Cell;
import dev.culebra.experiments.report.runs.RecordedRun;
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.Study;
import dev.culebra.experiments.run.Statistic;
import dev.culebra.experiments.study.ModelKind;

/**
 * A column of numbers, of which the lowest of each architecture stands out, with all that read the same.
 *
 * @param quantity what is in the column
 * @param lowest the lowest of each architecture; diverged runs take no part
 */
record Marks(Function<RunGroup, Optional<Statistic>> quantity, List<RunGroup> lowest) {
    static Marks lowest(Study study, Function<RunGroup, Optional<Statistic>> quantity) {
        return new Marks(quantity, Stream.of(ModelKind.values())
                .flatMap(model -> Best.lowest(study.of(model).stream().filter(Marks::takesPart).toList(), quantity)
                        .stream())
                .toList());
    }

    private static boolean takesPart(RunGroup group) {
        return group.state() != RecordedRun.State.DIVERGED;
    }

    Cell cell(RunGroup group, DoubleFunction<String> format) {
        String text = Formats.statistic(quantity.apply(group), format);
        return new Cell(text, takesPart(group) && lowest.stream().filter(best -> best.model() == group.model())
                .anyMatch(best -> Formats.statistic(quantity.apply(best), format).equals(text)));
    }

    /** A perplexity after the last epoch; where it is no finite number, that. */
    Cell lastCell(RunGroup group, ToDoubleFunction<RecordedRun.Point> perplexity) {
        Optional<RecordedRun.Point> last = group.runs().stream().flatMap(run -> run.points().stream())
                .filter(point -> !Double.isFinite(perplexity.applyAsDouble(point))).reduce((_, later) -> later);
        return quantity.apply(group).isEmpty() && last.isPresent()
                ? Cell.of(Formats.perplexity(perplexity.applyAsDouble(last.get())))
                : cell(group, Formats::perplexity);
    }
}
