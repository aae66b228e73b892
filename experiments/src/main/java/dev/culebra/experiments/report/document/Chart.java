package dev.culebra.experiments.report.document;

import java.util.List;

/** A chart as data: what it shows, not how it is drawn. */
public sealed interface Chart permits Chart.Lines, Chart.Dots, Chart.Bars {
    /** What it shows, in a few words. */
    String title();

    /**
     * Lines over a common axis.
     *
     * @param title what it shows
     * @param x the axis to the right
     * @param y the axis upwards
     * @param lines the lines, named in a legend
     */
    record Lines(String title, Axis x, Axis y, List<Line> lines) implements Chart {}

    /**
     * A line.
     *
     * @param name its name
     * @param color which of the palette's colours
     * @param stroke how it is drawn
     * @param points from left to right
     */
    record Line(String name, int color, Stroke stroke, List<Point> points) {}

    /** How a line is drawn; where two lie on one another, both are seen. */
    enum Stroke {
        /** Unbroken. */
        SOLID,
        /** In long dashes, with hollow markers. */
        DASHED,
        /** In short dashes. */
        DOTTED,
        /** In long and short dashes, with hollow markers. */
        DASH_DOTTED
    }

    /**
     * A point of a line, with the band that its spread makes.
     *
     * @param x to the right
     * @param y upwards
     * @param low where the band begins
     * @param high where it ends
     */
    record Point(double x, double y, double low, double high) {
        /** A point without a spread. */
        public static Point of(double x, double y) {
            return new Point(x, y, y, y);
        }
    }

    /**
     * Dots in rows.
     *
     * @param title what it shows
     * @param x the axis
     * @param rows the rows' names, from the top down
     * @param dots sets of dots, named in a legend
     */
    record Dots(String title, Axis x, List<String> rows, List<DotSet> dots) implements Chart {}

    /**
     * Dots that mean the same.
     *
     * @param name what they mean
     * @param color which of the palette's colours
     * @param hollow whether only their edges are drawn
     * @param values at most one for each row
     */
    record DotSet(String name, int color, boolean hollow, List<Dot> values) {}

    /**
     * A dot.
     *
     * @param row its row's index
     * @param value where it is
     * @param low where the line of its spread begins
     * @param high where that ends
     */
    record Dot(int row, double value, double low, double high) {
        /** A dot without a spread. */
        public static Dot of(int row, double value) {
            return new Dot(row, value, value, value);
        }
    }

    /**
     * Bars in rows, each of several parts.
     *
     * @param title what it shows
     * @param x the axis
     * @param rows the rows' names, from the top down
     * @param parts the parts, named in a legend, from left to right
     */
    record Bars(String title, Axis x, List<String> rows, List<BarPart> parts) implements Chart {}

    /**
     * A part of every bar.
     *
     * @param name what it means
     * @param color which of the palette's colours
     * @param values its length in each row
     */
    record BarPart(String name, int color, List<Double> values) {}

    /**
     * An axis.
     *
     * @param label what it measures, with its unit
     * @param scale how its numbers are spaced
     */
    record Axis(String label, Scale scale) {}

    /** How the numbers of an axis are spaced. */
    enum Scale {
        /** Evenly, from zero. */
        LINEAR,
        /** Evenly, only whole ones. */
        WHOLE,
        /** By their logarithm. */
        LOGARITHMIC
    }
}
