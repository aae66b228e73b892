package dev.culebra.experiments.cli;

import java.util.List;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culebra.experiments.files.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what this machine offers, and what is missing. */
@Command(name = "doctor", sortOptions = false, description = "What was found on this machine: Java, devices, native libraries with version and path; what is "
        + "missing, and the command that gets it.")
final class DoctorCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private JsonOption json;

    @Mixin
    private CommonOptions common;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<Doctor.Finding> findings = Doctor.examine();
        if (json.json()) {
            findings.forEach(finding -> {
                ObjectNode line = Json.mapper().createObjectNode().put("event", "finding");
                line.setAll(Json.tree(finding));
                console.out().println(line);
            });
        } else {
            int width = findings.stream().mapToInt(finding -> finding.name().length()).max().orElse(0);
            findings.forEach(finding -> print(finding, width));
        }
        return ExitCode.DONE;
    }

    private void print(Doctor.Finding finding, int width) {
        console.out().println((finding.found() ? "found    " : "MISSING  ")
                + (finding.name() + " ".repeat(width - finding.name().length())) + "  " + finding.detail());
        String indent = " ".repeat(11 + width);
        finding.warnings().forEach(warning -> console.out().println(indent + "but " + warning));
        finding.remedy().ifPresent(remedy -> console.out().println(indent + "to get it: " + remedy));
    }
}
