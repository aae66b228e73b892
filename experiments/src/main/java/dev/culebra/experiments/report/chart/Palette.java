package dev.culebra.experiments.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

import dev.culebra.experiments.report.document.Chart;

/**
 * What all charts look like. The colours are those of Okabe and Ito (2008), which people of every colour vision can tell
 * apart; a marker of its own comes with each.
 */
final class Palette {
    /** Words and axes. A page with a dark background replaces exactly these. */
    static final Color INK = new Color(0x40, 0x44, 0x4a);
    /** The lines of the grid, in the same way. */
    static final Color GRID = new Color(0xe3, 0xe5, 0xe8);
    static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 13);
    static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

    private static final List<Color> COLORS = List.of(new Color(0x00, 0x72, 0xb2), new Color(0xd5, 0x5e, 0x00),
            new Color(0x00, 0x9e, 0x73), new Color(0xcc, 0x79, 0xa7), new Color(0xe6, 0x9f, 0x00),
            new Color(0x56, 0xb4, 0xe9));
    private static final float RADIUS = 3.2f;

    private Palette() {}

    static Color color(int index) {
        return COLORS.get(index % COLORS.size());
    }

    static Stroke stroke(Chart.Stroke stroke) {
        return switch (stroke) {
            case SOLID -> new BasicStroke(1.9f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
            case DASHED -> dashed(5, 3);
            case DOTTED -> dashed(2, 2.5f);
            case DASH_DOTTED -> dashed(7, 2.5f, 1.5f, 2.5f);
        };
    }

    private static Stroke dashed(float... lengths) {
        return new BasicStroke(1.7f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, lengths, 0);
    }

    /** A circle, a square, a triangle or a diamond, of a size times the usual one. */
    static Shape marker(int index, float size) {
        float r = RADIUS * size;
        return switch (index % 4) {
            case 0 -> new Ellipse2D.Float(-r, -r, 2 * r, 2 * r);
            case 1 -> new Rectangle2D.Float(-0.9f * r, -0.9f * r, 1.8f * r, 1.8f * r);
            case 2 -> polygon(0, -1.2f * r, 1.15f * r, 0.9f * r, -1.15f * r, 0.9f * r);
            default -> polygon(0, -1.3f * r, 1.3f * r, 0, 0, 1.3f * r, -1.3f * r, 0);
        };
    }

    private static Shape polygon(float... corners) {
        Path2D path = new Path2D.Float();
        path.moveTo(corners[0], corners[1]);
        for (int i = 2; i < corners.length; i += 2) {
            path.lineTo(corners[i], corners[i + 1]);
        }
        path.closePath();
        return path;
    }
}
