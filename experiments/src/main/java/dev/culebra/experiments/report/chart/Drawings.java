package dev.culebra.experiments.report.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Figure;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Figures as PNG and SVG. Nothing here needs a screen, but Java needs fonts to know how wide words are. */
public final class Drawings {
    /** The width of a chart, in the units of SVG and half the points of a PNG. */
    public static final int CHART_WIDTH = 380;
    /** Points of a PNG for a unit. */
    public static final int PNG_SCALE = 2;
    private static final String SVG = "http://www.w3.org/2000/svg";
    private static final int LINES_HEIGHT = 280;
    private static final int ROW_HEIGHT = 22;
    private static final int ROWS_MARGIN = 136;
    private static final int WIDE = 760;

    /** Names within a page must differ, so all drawings of a page are numbered together. */
    private final AtomicInteger drawings = new AtomicInteger();

    /**
     * Ready to draw.
     *
     * @throws RunFailedException if this Java or this machine has nothing to draw with
     */
    public Drawings() {
        System.setProperty("java.awt.headless", "true");
        try {
            GraphicsEnvironment.getLocalGraphicsEnvironment();
            new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics().getFontMetrics(Palette.LABEL)
                    .stringWidth("0");
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new RunFailedException("Java finds nothing to draw figures with (" + e.getMessage() + "); install "
                    + "fontconfig and a font: apt-get install fontconfig fonts-dejavu-core", e);
        }
    }

    /** A chart's size. */
    public static Rectangle size(Chart chart) {
        return switch (chart) {
            case Chart.Lines _ -> new Rectangle(CHART_WIDTH, LINES_HEIGHT);
            case Chart.Dots dots -> new Rectangle(WIDE, ROWS_MARGIN + ROW_HEIGHT * dots.rows().size());
            case Chart.Bars bars -> new Rectangle(WIDE, ROWS_MARGIN + ROW_HEIGHT * bars.rows().size());
        };
    }

    /** A figure's size: its charts in rows of as many as it says. */
    public static Rectangle size(Figure figure) {
        Rectangle whole = new Rectangle();
        for (int index = 0; index < figure.charts().size(); index++) {
            whole.add(place(figure, index));
        }
        return whole;
    }

    private static Rectangle place(Figure figure, int index) {
        Rectangle size = size(figure.charts().get(index));
        return new Rectangle(index % figure.columns() * size.width, index / figure.columns() * size.height, size.width,
                size.height);
    }

    /** Writes a figure as PNG, on white. */
    public void png(Figure figure, OutputStream stream) throws IOException {
        Rectangle size = size(figure);
        BufferedImage image = new BufferedImage(PNG_SCALE * size.width, PNG_SCALE * size.height,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            graphics.scale(PNG_SCALE, PNG_SCALE);
            draw(figure, graphics);
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // Into memory first: ImageIO would go on after a failure of the stream.
        if (!ImageIO.write(image, "png", bytes)) {
            throw new IOException("this Java writes no PNG");
        }
        bytes.writeTo(stream);
    }

    private static void draw(Figure figure, Graphics2D graphics) {
        for (int index = 0; index < figure.charts().size(); index++) {
            ChartDrawing.of(figure.charts().get(index)).draw(graphics, place(figure, index));
        }
    }

    /** A figure as an SVG file. */
    public String svg(Figure figure) {
        SVGGraphics2D graphics = graphics();
        graphics.setColor(Color.WHITE);
        Rectangle size = size(figure);
        graphics.fill(size);
        draw(figure, graphics);
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text(graphics, size);
    }

    /**
     * A chart as an SVG element for a page, without a background.
     *
     * @param width of the drawing; its letters have the same size at any
     */
    public String svg(Chart chart, int width) {
        SVGGraphics2D graphics = graphics();
        Rectangle size = new Rectangle(width, size(chart).height);
        ChartDrawing.of(chart).draw(graphics, new Rectangle2D.Double(0, 0, size.width, size.height));
        return text(graphics, size);
    }

    private SVGGraphics2D graphics() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            Document document = factory.newDocumentBuilder().getDOMImplementation().createDocument(SVG, "svg", null);
            SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
            context.setComment(null);
            int drawing = drawings.incrementAndGet();
            context.setIDGenerator(new SVGIDGenerator() {
                @Override
                public String generateID(String prefix) {
                    return "d" + drawing + super.generateID(prefix);
                }
            });
            return new SVGGraphics2D(context, false);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(SVGGraphics2D graphics, Rectangle size) {
        Element root = graphics.getRoot();
        root.setAttribute("viewBox", "0 0 " + size.width + " " + size.height);
        root.setAttribute("width", String.valueOf(size.width));
        root.setAttribute("height", String.valueOf(size.height));
        StringWriter writer = new StringWriter();
        try {
            graphics.stream(root, writer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // What comes before the element is of files, and the element itself may stand in a page.
        String svg = writer.toString();
        return svg.substring(svg.indexOf("<svg")).replaceAll("\n\\s*(/?>)", "$1");
    }
}
