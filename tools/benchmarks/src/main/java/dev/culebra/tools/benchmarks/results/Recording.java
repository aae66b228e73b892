package dev.culebra.tools.benchmarks.results;

import java.util.List;

import dev.culebra.experiments.report.document.Figure;

/**
 * What several needed on one machine.
 *
 * @param machine its name, for people
 * @param circumstances versions, settings and date, in one line
 * @param notes what else there is to know, a sentence each
 * @param tables the numbers
 */
public record Recording(String machine, String circumstances, List<String> notes, List<Comparisons> tables)
        implements
            Recorded {
    @Override
    public Figure figure() {
        return RatioChart.figure(this);
    }

    @Override
    public String markdown() {
        StringBuilder text = new StringBuilder(circumstances).append("\n");
        for (Comparisons table : tables) {
            text.append("\n").append(table.title()).append(":\n\n").append(table.markdown());
        }
        notes.forEach(note -> text.append("\n").append(note).append("\n"));
        return text.toString();
    }
}
