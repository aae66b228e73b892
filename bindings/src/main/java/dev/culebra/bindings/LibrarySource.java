package dev.culebra.bindings;

import java.util.List;
import java.util.Optional;

/** A place where a native library may be found. */
public sealed interface LibrarySource permits ConfiguredPath, MavenNatives, DynamicLinker {

    /**
     * Looks for a library and loads it.
     *
     * @param library what to look for
     * @param tried gets a line for each thing that was tried in vain, for the message in case nothing is found
     * @return the library, or nothing if it is not here
     * @throws MissingLibraryException if it is here, but cannot be used and no other place will do instead
     */
    Optional<LoadedLibrary> find(LibraryDescription library, List<String> tried);
}
