package dev.culebra.experiments.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import dev.culebra.experiments.report.document.Chart;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.SeriesRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** Draws a chart with JFreeChart, on whatever can be drawn on. */
final class ChartDrawing {
    private static final float BAND_ALPHA = 0.18f;
    /** With more points than that, markers would hide the line. */
    private static final int MOST_MARKERS = 40;
    /** A dot in the middle of a hollow one leaves that one to be seen. */
    private static final float HOLLOW_SIZE = 1.7f;
    private static final double BAR_SHARE = 0.3;

    static {
        // Else upright words become outlines, which no reader of an SVG finds.
        TextUtils.setUseDrawRotatedStringWorkaround(false);
    }

    private final JFreeChart chart;

    private ChartDrawing(JFreeChart chart) {
        this.chart = chart;
    }

    static ChartDrawing of(Chart data) {
        ChartDrawing drawing = new ChartDrawing(switch (data) {
            case Chart.Lines lines -> lines(lines);
            case Chart.Dots dots -> dots(dots);
            case Chart.Bars bars -> bars(bars);
        });
        drawing.dress(data.title());
        return drawing;
    }

    /** Draws it without a background. */
    void draw(Graphics2D graphics, Rectangle2D area) {
        chart.draw(graphics, area);
    }

    private static JFreeChart lines(Chart.Lines data) {
        YIntervalSeriesCollection dataset = new YIntervalSeriesCollection();
        DeviationRenderer renderer = new DeviationRenderer(true, true);
        renderer.setAlpha(BAND_ALPHA);
        renderer.setDrawSeriesLineAsPath(true);
        for (int index = 0; index < data.lines().size(); index++) {
            Chart.Line line = data.lines().get(index);
            YIntervalSeries series = new YIntervalSeries(line.name());
            line.points().forEach(point -> series.add(point.x(), point.y(), point.low(), point.high()));
            dataset.addSeries(series);
            Color color = Palette.color(line.color());
            renderer.setSeriesPaint(index, color);
            renderer.setSeriesFillPaint(index, color);
            renderer.setSeriesStroke(index, Palette.stroke(line.stroke()));
            renderer.setSeriesShape(index, Palette.marker(line.color(), 1));
            renderer.setSeriesShapesVisible(index, line.points().size() <= MOST_MARKERS);
            renderer.setSeriesShapesFilled(index,
                    line.stroke() == Chart.Stroke.SOLID || line.stroke() == Chart.Stroke.DOTTED);
        }
        // Only after the last line is there: the axes take their range from all of them.
        XYPlot plot = new XYPlot(dataset,
                axis(data.x(), data.lines().stream().flatMap(line -> line.points().stream())
                        .mapToDouble(Chart.Point::x)),
                axis(data.y(), data.lines().stream().flatMap(line -> line.points().stream())
                        .flatMapToDouble(point -> DoubleStream.of(point.low(), point.high()))),
                renderer);
        // So that a broken line lies on an unbroken one.
        plot.setSeriesRenderingOrder(SeriesRenderingOrder.FORWARD);
        dress(plot);
        return new JFreeChart(plot);
    }

    private static JFreeChart dots(Chart.Dots data) {
        XYIntervalSeriesCollection dataset = new XYIntervalSeriesCollection();
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDrawYError(false);
        renderer.setCapLength(0);
        // With such ends a spread of nothing is not seen.
        renderer.setErrorStroke(new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
        renderer.setUseFillPaint(true);
        for (int index = 0; index < data.dots().size(); index++) {
            Chart.DotSet dots = data.dots().get(index);
            XYIntervalSeries series = new XYIntervalSeries(dots.name());
            dots.values()
                    .forEach(dot -> series.add(dot.value(), dot.low(), dot.high(), dot.row(), dot.row(), dot.row()));
            dataset.addSeries(series);
            renderer.setSeriesPaint(index, Palette.color(dots.color()));
            renderer.setSeriesFillPaint(index, dots.hollow() ? new Color(0, true) : Palette.color(dots.color()));
            renderer.setSeriesOutlinePaint(index, Palette.color(dots.color()));
            renderer.setSeriesShape(index, Palette.marker(dots.color(), dots.hollow() ? HOLLOW_SIZE : 1));
        }
        renderer.setUseOutlinePaint(true);
        SymbolAxis rows = new SymbolAxis("", data.rows().toArray(String[]::new));
        rows.setInverted(true);
        rows.setGridBandsVisible(false);
        rows.setRange(-0.6, data.rows().size() - 0.4);
        XYPlot plot = new XYPlot(dataset,
                axis(data.x(), data.dots().stream().flatMap(dots -> dots.values().stream())
                        .flatMapToDouble(point -> DoubleStream.of(point.low(), point.high()))),
                rows, renderer);
        plot.setSeriesRenderingOrder(SeriesRenderingOrder.FORWARD);
        dress(plot);
        return new JFreeChart(plot);
    }

    private static JFreeChart bars(Chart.Bars data) {
        DefaultCategoryDataset dataset = new DefaultCategoryDataset();
        for (Chart.BarPart part : data.parts()) {
            for (int row = 0; row < data.rows().size(); row++) {
                dataset.addValue(part.values().get(row), part.name(), data.rows().get(row));
            }
        }
        JFreeChart chart = ChartFactory.createStackedBarChart(null, null, data.x().label(), dataset,
                PlotOrientation.HORIZONTAL, true, false, false);
        CategoryPlot plot = chart.getCategoryPlot();
        BarRenderer renderer = (BarRenderer) plot.getRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        for (int part = 0; part < data.parts().size(); part++) {
            renderer.setSeriesPaint(part, Palette.color(data.parts().get(part).color()));
        }
        CategoryAxis rows = plot.getDomainAxis();
        rows.setCategoryMargin(BAR_SHARE);
        dress(rows);
        dress(plot.getRangeAxis());
        plot.setRangeGridlinePaint(Palette.GRID);
        plot.setRangeGridlineStroke(new BasicStroke(1));
        plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
        undress(plot);
        return chart;
    }

    private static ValueAxis axis(Chart.Axis axis, DoubleStream values) {
        double[] all = values.toArray();
        double low = DoubleStream.of(all).min().orElse(1);
        double high = DoubleStream.of(all).max().orElse(1);
        return switch (axis.scale()) {
            case LOGARITHMIC -> new PerplexityAxis(axis.label(), low, high);
            case LINEAR -> {
                NumberAxis linear = new NumberAxis(axis.label());
                linear.setRange(Math.min(0, low * 1.05), high > 0 ? high * 1.05 : 1);
                yield linear;
            }
            case WHOLE -> {
                NumberAxis whole = new NumberAxis(axis.label());
                whole.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
                double margin = Math.max((high - low) * 0.04, 0.25);
                whole.setRange(low - margin, high + margin);
                yield whole;
            }
        };
    }

    private static void dress(XYPlot plot) {
        Stream.of(plot.getDomainAxis(), plot.getRangeAxis()).forEach(ChartDrawing::dress);
        plot.setDomainGridlinePaint(Palette.GRID);
        plot.setRangeGridlinePaint(Palette.GRID);
        plot.setDomainGridlineStroke(new BasicStroke(1));
        plot.setRangeGridlineStroke(new BasicStroke(1));
        undress(plot);
    }

    private static void dress(Axis axis) {
        axis.setLabelFont(Palette.LABEL);
        axis.setTickLabelFont(Palette.LABEL);
        axis.setLabelPaint(Palette.INK);
        axis.setTickLabelPaint(Palette.INK);
        axis.setAxisLineVisible(false);
        axis.setTickMarksVisible(false);
    }

    /** The page is the background. */
    private static void undress(Plot plot) {
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
    }

    private void dress(String title) {
        chart.setBackgroundPaint(null);
        chart.setPadding(new RectangleInsets(4, 4, 4, 10));
        TextTitle heading = new TextTitle(title, Palette.TITLE);
        heading.setPaint(Palette.INK);
        heading.setHorizontalAlignment(HorizontalAlignment.LEFT);
        heading.setPadding(2, 4, 6, 4);
        chart.setTitle(heading);
        for (int index = 0; index < chart.getSubtitleCount(); index++) {
            if (chart.getSubtitle(index) instanceof LegendTitle legend) {
                legend.setBackgroundPaint(null);
                legend.setFrame(BlockBorder.NONE);
                legend.setItemFont(Palette.LABEL);
                legend.setItemPaint(Palette.INK);
                legend.setItemLabelPadding(new RectangleInsets(2, 2, 2, 8));
            }
        }
    }
}
