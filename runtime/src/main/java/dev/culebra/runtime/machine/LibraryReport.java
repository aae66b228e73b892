package dev.culebra.runtime.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

import dev.culebra.bindings.LoadedLibrary;
import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.MissingSymbolException;

/**
 * What was found of a native library.
 *
 * @param name its name
 * @param version its version, where it says
 * @param headerVersion the version of the headers that the bindings were made from, where they say
 * @param path its file, where that is known
 * @param how how it was found; empty where it is missing
 * @param warnings what may go wrong with it: another version than that of the headers first
 * @param problem why it cannot be used, with all that was tried; nothing where it can
 * @param install the command that installs it
 */
public record LibraryReport(String name, Optional<String> version, Optional<String> headerVersion, Optional<Path> path,
        String how, List<String> warnings, Optional<String> problem, String install) {

    /** oneDNN and the libraries of NVIDIA that are not part of the driver, each loaded to ask for its version. */
    public static List<LibraryReport> all() {
        return Probe.LIBRARIES.parallelStream().map(LibraryReport::of).toList();
    }

    static LibraryReport of(Probe probe) {
        return of(probe, LibraryReport::mismatch);
    }

    /** @param mismatch what may go wrong with the version of the library, given that of the headers */
    static LibraryReport of(Probe probe, BiFunction<Version, Version, Optional<String>> mismatch) {
        String install = probe.library().description().install();
        Optional<String> header = probe.header().map(Version::toString);
        try {
            LoadedLibrary library = probe.library().load();
            List<String> warnings = new ArrayList<>();
            Optional<Version> version = version(probe, warnings);
            version.flatMap(found -> probe.header().flatMap(made -> mismatch.apply(found, made)))
                    .ifPresent(warnings::add);
            warnings.addAll(library.warnings());
            return new LibraryReport(probe.name(), version.map(Version::toString), header, library.path(),
                    library.how(), warnings, Optional.empty(), install);
        } catch (MissingLibraryException missing) {
            return new LibraryReport(probe.name(), Optional.empty(), header, Optional.empty(), "", List.of(),
                    Optional.of(missing.getMessage()), install);
        }
    }

    private static Optional<Version> version(Probe probe, List<String> warnings) {
        try {
            return probe.version().get();
        } catch (MissingSymbolException | IllegalStateException silent) {
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
