package dev.culebra.experiments.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culebra.experiments.files.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what this machine offers, and what is missing. */
@Command(name = "doctor", sortOptions = false, description = "What was found on this machine: Java, devices, native "
        + "libraries with version and path; what is missing, and the command that gets it.", footer = {"", "Examples:",
            "  java -jar experiments.jar doctor", "  java -jar experiments.jar doctor --json", "",
            "MISSING is what something here needs; absent is what nothing here needs, such as NVIDIA's libraries where "
                    + "there is no NVIDIA driver. Either way the exit code is 0."})
final class DoctorCommand implements Callable<Integer> {
    private final Console console;
    private final Supplier<List<Finding>> findings;

    @Option(names = "--verbose", description = "List all places where something was looked for in vain.", order = 99)
    private boolean verbose;

    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private CommonOptions common;

    /** @param findings what there is to tell */
    DoctorCommand(Console console, Supplier<List<Finding>> findings) {
        this.console = console;
        this.findings = findings;
    }

    @Override
    public Integer call() {
        if (json.json()) {
            findings.get().forEach(finding -> Lines.print(finding, console.out()));
            return ExitCode.DONE;
        }
        List<Finding> all = findings.get();
        int width = all.stream().mapToInt(finding -> finding.name().length()).max().orElse(0);
        all.forEach(finding -> print(finding, width));
        if (!verbose && all.stream().anyMatch(finding -> finding.state() != Finding.State.FOUND)) {
            console.out().println("Absent is only what nothing here needs. doctor --verbose lists the places that were "
                    + "searched.");
        }
        return ExitCode.DONE;
    }

    private void print(Finding finding, int width) {
        console.out().println(padded(finding.state().toString(), 9) + padded(finding.name(), width) + "  "
                + finding.detail());
        String indent = " ".repeat(11 + width);
        finding.warnings().forEach(warning -> console.out().println(indent + "but " + warning));
        finding.absence().ifPresent(absence -> {
            console.out().println(indent + "to get it: " + absence.remedy());
            if (verbose) {
                absence.tried().forEach(line -> console.out().println(indent + "tried: " + line));
            }
        });
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    /** Findings as lines of JSON, in a class of its own: loading what writes JSON takes as long as all the rest. */
    private static final class Lines {
        static void print(Finding finding, PrintStream out) {
            ObjectNode line = Json.mapper().createObjectNode().put("event", "finding");
            line.setAll(Json.tree(finding));
            out.println(line);
        }
    }
}
