package dev.culebra.experiments.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.culebra.runtime.machine.LibraryReport;

/** Says what came of the search for a native library. */
final class LibraryFindings {
    private LibraryFindings() {}

    /**
     * The finding for a library.
     *
     * @param prefix what to say before the version
     * @param ifNowhere what it is if there is nothing of its name; what is there and no good is always missing
     */
    static Finding of(LibraryReport report, String prefix, Finding.State ifNowhere) {
        return switch (report.outcome()) {
            case LibraryReport.Found found -> found(report, found, prefix);
            case LibraryReport.Missing missing -> missing(report, missing, ifNowhere);
        };
    }

    private static Finding found(LibraryReport report, LibraryReport.Found found, String prefix) {
        Map<String, Object> facts = new LinkedHashMap<>();
        found.version().ifPresent(version -> facts.put("version", version));
        report.headerVersion().ifPresent(version -> facts.put("headerVersion", version));
        found.path().ifPresent(path -> facts.put("path", path.toString()));
        facts.put("how", found.how());
        String version = found.version().map(text -> prefix + text).orElse("")
                + report.headerVersion().map(text -> " (headers " + text + ")").orElse("");
        String place = found.path().map(Path::toString).map(path -> "in " + path + ", ").orElse("");
        return new Finding(report.name(), Finding.State.FOUND, (version + " " + place + found.how()).strip(),
                found.warnings(), Optional.empty(), facts);
    }

    private static Finding missing(LibraryReport report, LibraryReport.Missing missing, Finding.State ifNowhere) {
        boolean nowhere = missing.refused().isEmpty();
        String detail = nowhere
                ? "not in any of " + missing.tried().size() + " places"
                : "cannot be loaded: " + String.join("; ", missing.refused());
        return new Finding(report.name(), nowhere ? ifNowhere : Finding.State.MISSING, detail, List.of(),
                Optional.of(new Finding.Absence(missing.tried(), report.install())),
                report.headerVersion().<Map<String, Object>>map(version -> Map.of("headerVersion", version))
                        .orElse(Map.of()));
    }
}
