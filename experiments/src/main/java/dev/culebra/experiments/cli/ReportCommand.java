package dev.culebra.experiments.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;

import dev.culebra.experiments.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tables and figures of runs. */
@Command(name = "report", sortOptions = false, description = "Tables and figures of the runs in a folder, and what they say to "
        + "the study's questions: as a page, Markdown and LaTeX.", footer = {"", "Examples:",
            "  java -jar experiments.jar report runs --out report",
            "      then open report/report.html, which is one file with all in it",
            "  java -jar experiments.jar report runs/exp1 --out exp1-report",
            "      a single run; unfinished ones are reported as far as they are", "",
            "Files: report.html; report.md; report.tex with tables/*.tex, each of which",
            "another document can \\input;"
                    + " figures/*.svg and *.png."})
final class ReportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "RUNS", description = "A folder of run folders, as 'all' makes it, or one run folder.")
    private Path runs;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the report is written; an older one there is "
            + "replaced.")
    private Path out;

    @Mixin
    private CommonOptions common;

    ReportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Report report = Report.of(runs);
        report.study().damaged().forEach(reason -> console.err().println("left out: " + reason));
        report.write(out);
        console.out().println("Wrote " + out.resolve("report.html") + ", report.md and report.tex, with "
                + report.document().tables().size() + " tables and " + report.document().figures().size()
                + " figures, of "
                + report.study().runs().size() + (report.study().runs().size() == 1 ? " run." : " runs."));
        return ExitCode.DONE;
    }
}
