package dev.culebra.bindings;

import java.util.Optional;

/** A place where native libraries may be found. */
public sealed interface LibrarySource permits FolderSource, MavenNatives, DynamicLinker {

    /**
     * Looks for a library and loads it.
     *
     * @param library what to look for
     * @param name the file name to look for
     * @param surroundings what decides where this place is
     * @param attempts hears of each thing that was tried in vain
     * @return the library, or nothing if it is not here or cannot be loaded
     */
    Optional<LoadedLibrary> find(LibraryDescription library, LibraryFileName name, Surroundings surroundings,
            Attempts attempts);
}
