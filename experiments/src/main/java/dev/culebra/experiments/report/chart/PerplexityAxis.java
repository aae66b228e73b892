package dev.culebra.experiments.report.chart;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.TickType;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.Range;

/**
 * A logarithmic axis with numbers that people count in: 100, 200, 500, 1,000. JFreeChart's own labels powers alone, of which
 * a range of perplexities may hold one.
 */
final class PerplexityAxis extends LogAxis {
    private static final long serialVersionUID = 1;
    /** Steps within a power of ten, the coarsest first. */
    private static final double[][] STEPS = {{1}, {1, 3}, {1, 2, 5}, {1, 1.5, 2, 3, 5, 7},
        {1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5}};
    private static final double MARGIN = 0.05;
    /** What hardly changes must not look as if it did. */
    private static final double SMALLEST_SPAN = Math.log(1.5);
    private static final int ENOUGH = 3;
    private static final int MOST = 7;
    private static final double LABEL_WIDTH = 45;

    PerplexityAxis(String label, double low, double high) {
        super(label);
        double span = Math.log(high / low);
        double margin = Math.max(MARGIN * span, (SMALLEST_SPAN - span) / 2);
        setRange(new Range(low / Math.exp(margin), high * Math.exp(margin)));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public List refreshTicks(Graphics2D graphics, AxisState state, Rectangle2D area, RectangleEdge edge) {
        boolean upright = RectangleEdge.isLeftOrRight(edge);
        int most = upright ? MOST : Math.min(MOST, (int) (area.getWidth() / LABEL_WIDTH));
        TextAnchor anchor = upright ? TextAnchor.CENTER_RIGHT : TextAnchor.TOP_CENTER;
        return values(most).stream().map(value -> new NumberTick(TickType.MAJOR, value, text(value), anchor,
                TextAnchor.CENTER, 0)).toList();
    }

    /** Those of the finest steps that are not too many, as soon as they are enough. */
    private List<Double> values(int most) {
        List<Double> values = List.of();
        for (double[] steps : STEPS) {
            List<Double> finer = values(steps);
            if (values.size() > ENOUGH || finer.size() > most && values.size() >= 2) {
                break;
            }
            values = finer;
        }
        return values;
    }

    private List<Double> values(double[] steps) {
        List<Double> values = new ArrayList<>();
        int last = (int) Math.ceil(Math.log10(getRange().getUpperBound()));
        for (int power = (int) Math.floor(Math.log10(getRange().getLowerBound())); power <= last; power++) {
            for (double step : steps) {
                double value = step * Math.pow(10, power);
                if (getRange().contains(value)) {
                    values.add(value);
                }
            }
        }
        return values;
    }

    private static String text(double value) {
        return value < 10 ? String.format(Locale.ROOT, "%.1f", value) : String.format(Locale.ROOT, "%,.0f", value);
    }
}
