package dev.culebra.experiments.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;

import dev.culebra.experiments.report.chart.Drawings;
import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.experiments.run.MadeRun;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The files of a report: that other programs read them, and what stands in them. */
class WrittenReportTest {
    /** What each format gives a meaning, and letters that pdflatex has none for. */
    private static final String ODD = "odd_50% & <b>$x^2$ #1 {~} `|` \\*\u4e2d \u00e9";

    /** All twelve, and one more that diverged. */
    @TempDir
    static Path mixed;
    private static Report report;

    @TempDir
    Path folder;

    @BeforeAll
    static void writeOnce() {
        try {
            new Drawings();
        } catch (RuntimeException | LinkageError e) {
            Requirement.FONTS.missing(String.valueOf(e.getMessage()));
        }
        Path runs = MadeStudy.all(mixed.resolve("runs"));
        MadeRun.of(MadeStudy.withDropout(Configuration.of(Experiment.EXP5), 0.1), 10, new double[] {300, 1e9},
                new double[] {200, 1e9}).unfinished(1).writeTo(runs.resolve(ODD));
        damage(runs.resolve("[odd] folder"));
        report = Report.of(runs);
        report.write(mixed.resolve("report"));
    }

    private static void damage(Path run) {
        try {
            Files.writeString(Files.createDirectories(run).resolve("config.json"), "{");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text(String name) throws IOException {
        return Files.readString(mixed.resolve("report").resolve(name));
    }

    private static Document xml(String text) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            return factory.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
        } catch (Exception e) {
            throw new AssertionError("not well-formed: " + e.getMessage(), e);
        }
    }

    @Test
    void thePageIsWellFormedAndNeedsNothingElse() throws IOException {
        String html = text("report.html");
        Document page = xml(html);
        NodeList all = page.getElementsByTagName("*");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            assertFalse(List.of("script", "link", "img", "image", "iframe", "object").contains(element.getLocalName()),
                    element.getLocalName());
            for (String attribute : List.of("href", "xlink:href", "src")) {
                assertTrue(!element.hasAttribute(attribute) || element.getAttribute(attribute).startsWith("#"),
                        element.getAttribute(attribute));
            }
            if (element.hasAttribute("id")) {
                ids.add(element.getAttribute("id"));
            }
        }
        assertFalse(html.contains("@import"));
        assertFalse(html.matches("(?s).*url\\((?!['\"]?#).*"), "a style that loads something");
        // Batik gives every drawing an empty element of this one name.
        ids.removeIf("genericDefs"::equals);
        assertEquals(ids.stream().distinct().toList(), ids);
        // Charts that are too wide for a phone are there twice.
        int charts = report.document().figures().stream().flatMap(figure -> figure.charts().stream())
                .mapToInt(chart -> chart instanceof Chart.Lines ? 1 : 2).sum();
        assertEquals(charts, page.getElementsByTagName("svg").getLength());
        assertEquals(report.document().tables().size(), page.getElementsByTagName("table").getLength());
        NodeList headings = page.getElementsByTagName("th");
        assertTrue(IntStream.range(0, headings.getLength()).mapToObj(i -> headings.item(i).getTextContent())
                .anyMatch((ODD + "\u00a0\u2021")::equals), "the run's own name");
        NodeList figures = page.getElementsByTagName("div");
        assertEquals(report.document().figures().size(), IntStream.range(0, figures.getLength())
                .mapToObj(i -> (Element) figures.item(i)).filter(figure -> figure.getAttribute("role").equals("img"))
                .filter(figure -> !figure.getAttribute("aria-label").isBlank()).count());
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        Document page = xml(text("report.html"));
        NodeList links = page.getElementsByTagName("a");
        NodeList headings = page.getElementsByTagName("h2");
        List<String> anchors = IntStream.range(0, headings.getLength())
                .mapToObj(i -> "#" + ((Element) headings.item(i)).getAttribute("id")).toList();
        assertEquals(anchors, IntStream.range(0, links.getLength())
                .mapToObj(i -> ((Element) links.item(i)).getAttribute("href")).toList());
        assertTrue(anchors.size() > 3, anchors.toString());
    }

    @Test
    void markdownHasItsTablesAndNothingIsTakenForMarkup() throws IOException {
        String markdown = text("report.md");
        assertTrue(markdown.startsWith("# LSTM and GPT language models: what 13 runs show\n\n**Shortened runs: "),
                markdown);
        assertTrue(
                markdown.contains(
                        """
                                | run | model | layers | optimiser | epochs | train | validation, best | at epoch | validation, last | test |
                                | --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |
                                | exp1 | LSTM | 1 | Adam | 10 | 88.0 | 146.1 | 10 | 146.1 | 160.7 |
                                """),
                markdown);
        assertTrue(markdown
                .contains("\n| exp9 | LSTM | 2 | AdamW | 10 | **66.0** | **141.9** | 7 | **145.9** | **160.5** |\n"));
        assertTrue(markdown.contains("odd\\_50% \\& \\<b\\>\\$x^2\\$ \\#1 {\\~} \\`\\|\\` \\\\\\*\u4e2d \u00e9"),
                markdown);
        assertTrue(markdown.contains("> **Interpretation:** "));
        for (String line : markdown.lines().filter(line -> line.startsWith("![")).toList()) {
            assertTrue(Files.exists(mixed.resolve("report").resolve(line.replaceFirst(".*\\]\\((.*)\\)", "$1"))),
                    line);
        }
    }

    @Test
    void figuresHaveTheirSizeAndShowSomething() throws IOException {
        for (Figure figure : report.document().figures()) {
            int width = Drawings.size(figure).width;
            int height = Drawings.size(figure).height;
            BufferedImage image = ImageIO.read(mixed.resolve("report/figures/" + figure.id() + ".png").toFile());
            assertEquals(Drawings.PNG_SCALE * width, image.getWidth(), figure.id());
            assertEquals(Drawings.PNG_SCALE * height, image.getHeight(), figure.id());
            int[] points = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            double drawn = IntStream.of(points).filter(point -> point != 0xffffffff).count() / (double) points.length;
            assertTrue(drawn > 0.005 && drawn < 0.6, figure.id() + ": " + drawn);
            assertTrue(IntStream.of(points).anyMatch(point -> point == 0xff0072b2),
                    figure.id() + " lacks its first colour");

            Element svg = xml(text("figures/" + figure.id() + ".svg")).getDocumentElement();
            assertEquals("0 0 " + width + " " + height, svg.getAttribute("viewBox"));
            assertTrue(svg.getElementsByTagName("text").getLength() > 5, figure.id());
        }
    }

    @Test
    void chartsNameTheirAxesAndLines() throws IOException {
        NodeList texts = xml(text("figures/curves-epochs-lstm.svg")).getElementsByTagName("text");
        List<String> words = IntStream.range(0, texts.getLength()).mapToObj(i -> texts.item(i).getTextContent().strip())
                .toList();
        assertTrue(words
                .containsAll(List.of("epoch", "perplexity", "train", "validation", "exp1: 1 layer, Adam", "10", "100",
                        "200")),
                words.toString());
    }

    @Test
    void aReportReplacesTheOneBefore() throws IOException {
        for (int number : new int[] {3, 4}) {
            MadeStudy.run(number).writeTo(folder.resolve(number + "/run"));
            Report.of(folder.resolve(String.valueOf(number))).write(folder.resolve("report"));
        }
        assertTrue(Files.readString(folder.resolve("report/report.html")).contains("exp4"));
        assertFalse(Files.readString(folder.resolve("report/report.html")).contains("exp3: "));
        try (Stream<Path> files = Files.walk(folder.resolve("report"))) {
            assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".partial")).toList());
        }
    }

    @Test
    void aBracketThatBeginsAPointIsNoOptionOfIt() throws IOException {
        assertTrue(text("report.tex").contains("\\item{} [odd] folder: config.json cannot be read"),
                text("report.tex"));
    }

    @Test
    void latexCompiles() throws IOException, InterruptedException {
        Path directory = mixed.resolve("report");
        assertTrue(text("tables/results.tex")
                .contains("exp9 & LSTM & 2 & AdamW & 10 & \\textbf{66.0} & \\textbf{141.9} & 7"));
        for (int pass = 0; pass < 2; pass++) {
            compile(directory, "report.tex");
        }
        String log = new String(Files.readAllBytes(directory.resolve("report.log")), StandardCharsets.ISO_8859_1);
        assertFalse(log.contains("undefined"), log);
        assertTrue(Files.size(directory.resolve("report.pdf")) > 100_000);
        // By itself in someone else's document, too.
        Files.writeString(directory.resolve("other.tex"),
                "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{textcomp}"
                        + "\\usepackage{booktabs,graphicx}\\begin{document}"
                        + String.join("",
                                report.document().tables().stream().map(table -> "\\input{tables/" + table.id() + "}")
                                        .toList())
                        + "\\end{document}");
        compile(directory, "other.tex");
        assertTrue(Files.size(directory.resolve("other.pdf")) > 10_000);
    }

    private static void compile(Path directory, String file) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder("pdflatex", "-interaction=nonstopmode", "-halt-on-error", file)
                .directory(directory.toFile()).redirectErrorStream(true);
        Process process;
        try {
            process = command.start();
        } catch (IOException e) {
            Requirement.LATEX.missing("there is no pdflatex");
            return;
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertEquals(0, process.waitFor(), output);
    }
}
