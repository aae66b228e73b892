package dev.culebra.bindings;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Natives inside a jar, as the {@code org.bytedeco} artifacts carry them: in the folder
 * {@code <root>/<platform>/} of any jar on the class path or module path, or of a jar they were shaded into. They are
 * copied once to a folder of the user's, where later starts find them; where that cannot be written, to a temporary
 * one that is gone once they are loaded.
 *
 * @param root the folder that holds one folder for each platform
 */
public record MavenNatives(String root) implements LibrarySource {

    @Override
    public Optional<LoadedLibrary> find(LibraryDescription library, List<String> tried) {
        String folder = root + "/" + Platform.current() + "/";
        for (String name : library.fileNamesHere()) {
            Optional<URL> resource = resource(folder + name);
            if (resource.isEmpty()) {
                tried.add(folder + name + ": in no jar on the class path");
                continue;
            }
            List<URL> resources = new ArrayList<>(List.of(resource.get()));
            library.companionsHere().forEach(companion -> resource(folder + companion).ifPresent(resources::add));
            try {
                return Optional.of(load(library, name, resources));
            } catch (IOException | UnsatisfiedLinkError failure) {
                tried.add(resource.get() + ": " + failure.getMessage());
            }
        }
        return Optional.empty();
    }

    private static LoadedLibrary load(LibraryDescription library, String name, List<URL> resources)
            throws IOException {
        String how = "from " + container(resources.getFirst());
        NativeCache cache = new NativeCache(UserCache.folder("natives"));
        Path folder;
        try {
            folder = cache.files(library.key(), resources);
        } catch (IOException unwritable) {
            return loadTemporary(library, name, resources, how, unwritable);
        }
        try {
            return LibraryFile.load(library, folder.resolve(name), how);
        } catch (UnsatisfiedLinkError damaged) {
            if (resources.getFirst().getProtocol().equals("file")) {
                throw damaged;
            }
            NativeCache.delete(folder);
            return LibraryFile.load(library, cache.files(library.key(), resources).resolve(name), how);
        }
    }

    /** From files that are there only while they are loaded. */
    private static LoadedLibrary loadTemporary(LibraryDescription library, String name, List<URL> resources, String how,
            IOException unwritable) throws IOException {
        Path temporary = Files.createTempDirectory("culebra-natives-");
        try {
            Path folder = new NativeCache(temporary).files(library.key(), resources);
            return LibraryFile.load(library, folder.resolve(name), how + ", copied for this process alone");
        } catch (IOException failure) {
            failure.addSuppressed(unwritable);
            throw failure;
        } finally {
            NativeCache.delete(temporary);
        }
    }

    private static Optional<URL> resource(String name) {
        return Optional.ofNullable(ClassLoader.getSystemResource(name))
                .or(() -> Optional.ofNullable(Thread.currentThread().getContextClassLoader())
                        .map(loader -> loader.getResource(name)));
    }

    private static String container(URL resource) {
        String path = resource.getPath();
        int entry = path.indexOf("!/");
        String jar = entry < 0 ? path : path.substring(0, entry);
        return jar.substring(jar.lastIndexOf('/') + 1);
    }
}
