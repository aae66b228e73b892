package dev.culebra.runtime.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

import dev.culebra.bindings.LoadedLibrary;
import dev.culebra.bindings.MissingLibraryException;

/**
 * What came of the search for a native library.
 *
 * @param name its name
 * @param headerVersion the version of the headers that the bindings were made from, where they say
 * @param install the command that installs it
 * @param outcome what was found
 */
public record LibraryReport(String name, Optional<String> headerVersion, String install, Outcome outcome) {

    /** Whether it was found. */
    public sealed interface Outcome permits Found, Missing {}

    /**
     * It is loaded.
     *
     * @param version its version, where it says
     * @param path its file, where that is known
     * @param how how it was found
     * @param warnings what may go wrong with it: another version than that of the headers first
     */
    public record Found(Optional<String> version, Optional<Path> path, String how,
            List<String> warnings) implements Outcome {}

    /**
     * It cannot be used.
     *
     * @param tried a line for each thing that was tried
     * @param refused those that tell of a file that is there and is no good
     */
    public record Missing(List<String> tried, List<String> refused) implements Outcome {}

    /** oneDNN, loaded to ask for its version. */
    public static LibraryReport ofOneDnn() {
        return of(Probe.ONEDNN);
    }

    /** The libraries of NVIDIA that are not part of the driver, each loaded to ask for its version. */
    public static List<LibraryReport> ofNvidia() {
        return Probe.OF_NVIDIA.parallelStream().map(LibraryReport::of).toList();
    }

    /** Whether it is loaded. */
    public boolean isFound() {
        return outcome instanceof Found;
    }

    static LibraryReport of(Probe probe) {
        return of(probe, LibraryReport::mismatch);
    }

    /** @param mismatch what may go wrong with the version of the library, given that of the headers */
    static LibraryReport of(Probe probe, BiFunction<Version, Version, Optional<String>> mismatch) {
        return new LibraryReport(probe.name(), probe.header().map(Version::toString),
                probe.library().description().install(), outcome(probe, mismatch));
    }

    private static Outcome outcome(Probe probe, BiFunction<Version, Version, Optional<String>> mismatch) {
        try {
            LoadedLibrary library = probe.library().load();
            List<String> warnings = new ArrayList<>();
            Optional<Version> version = version(probe, warnings);
            version.flatMap(found -> probe.header().flatMap(made -> mismatch.apply(found, made)))
                    .ifPresent(warnings::add);
            warnings.addAll(library.warnings());
            return new Found(version.map(Version::toString), library.path(), library.how(), warnings);
        } catch (MissingLibraryException missing) {
            return new Missing(missing.tried(), missing.refused());
        }
    }

    private static Optional<Version> version(Probe probe, List<String> warnings) {
        try {
            return probe.version().get();
        } catch (RuntimeException silent) { // Each library has its own exception; a report tells of all.
            warnings.add("it does not say its version: " + silent.getMessage());
            return Optional.empty();
        }
    }

    /** A newer version of the same major has all that the headers declare. */
    private static Optional<String> mismatch(Version library, Version header) {
        if (library.major() != header.major()) {
            return Optional.of("the bindings are made for version " + header
                    + ": with another major version calls may fail or mean something else");
        }
        return library.compareTo(header) < 0
                ? Optional.of("the bindings are made for version " + header + ": what came after " + library
                        + " is missing")
                : Optional.empty();
    }
}
