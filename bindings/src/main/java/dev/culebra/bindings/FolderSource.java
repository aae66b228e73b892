package dev.culebra.bindings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Folders that may hold libraries. */
public sealed interface FolderSource extends LibrarySource
        permits CudaToolkit, PythonWheels, CondaEnvironment, DriverFolders {

    /**
     * A folder that may hold libraries.
     *
     * @param path the folder
     * @param how how it was found, for people
     */
    record Folder(Path path, String how) {}

    /** The folders that exist, in the order in which they are searched. */
    List<Folder> folders(Surroundings surroundings);

    /** What to say where there are none. */
    String nothing();

    @Override
    default Optional<LoadedLibrary> find(LibraryDescription library, LibraryFileName name, Surroundings surroundings,
            Attempts attempts) {
        List<Folder> folders = folders(surroundings);
        if (folders.isEmpty()) {
            attempts.note(nothing());
        }
        for (Folder folder : folders) {
            Path file = folder.path().resolve(name.name());
            try {
                if (LibraryFile.isThere(file)) {
                    return Optional.of(LibraryFile.load(library, name, file, folder.how(), surroundings));
                }
                attempts.absent(folder.path(), folder.how(), name.name());
            } catch (UnsatisfiedLinkError refused) {
                attempts.refused(file, folder.how(), refused.getMessage());
            }
        }
        return Optional.empty();
    }
}
