package dev.culebra.bindings;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

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
    public Optional<LoadedLibrary> find(LibraryDescription library, LibraryFileName name, Surroundings surroundings,
            Attempts attempts) {
        String folder = root + "/" + surroundings.platform() + "/";
        Optional<URL> resource = resource(folder + name.name());
        if (resource.isEmpty()) {
            attempts.note(folder + name.name() + ": in no jar on the class path");
            return Optional.empty();
        }
        try {
            List<URL> resources = withCompanions(resource.get(), folder, name);
            return Optional.of(new Copies(library, name, resources, surroundings).load());
        } catch (IOException | UnsatisfiedLinkError failure) {
            attempts.note(resource.get() + ": " + failure.getMessage());
            return Optional.empty();
        }
    }

    private static List<URL> withCompanions(URL resource, String folder, LibraryFileName name) throws IOException {
        Set<URI> resources = new LinkedHashSet<>(List.of(URI.create(resource.toString())));
        for (String pattern : Stream.concat(name.before().stream(), name.together().stream()).distinct().toList()) {
            for (String companion : pattern.contains("*") ? matching(resource, folder, pattern) : List.of(pattern)) {
                resource(folder + companion).ifPresent(url -> resources.add(URI.create(url.toString())));
            }
        }
        List<URL> urls = new ArrayList<>();
        for (URI uri : resources) {
            urls.add(uri.toURL());
        }
        return urls;
    }

    /** The names that match a pattern in the folder of a resource, if that is in a jar. */
    private static List<String> matching(URL resource, String folder, String pattern) throws IOException {
        URLConnection connection = resource.openConnection();
        if (!(connection instanceof JarURLConnection inJar)) {
            return List.of();
        }
        connection.setUseCaches(false);
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        try (JarFile jar = inJar.getJarFile()) {
            return jar.stream().map(JarEntry::getName).filter(entry -> entry.startsWith(folder))
                    .map(entry -> entry.substring(folder.length())).filter(entry -> !entry.contains("/"))
                    .filter(entry -> matcher.matches(Path.of(entry))).toList();
        }
    }

    /** A library and its companions in a jar, the library first. */
    private record Copies(LibraryDescription library, LibraryFileName name, List<URL> resources,
            Surroundings surroundings) {

        LoadedLibrary load() throws IOException {
            String how = "from " + container(resources.getFirst());
            NativeCache cache = new NativeCache(UserCache.folder("natives"));
            Path folder;
            try {
                folder = cache.files(library.key(), resources);
            } catch (IOException unwritable) {
                return loadTemporary(how, unwritable);
            }
            try {
                return load(folder, how);
            } catch (UnsatisfiedLinkError damaged) {
                if (resources.getFirst().getProtocol().equals("file")) {
                    throw damaged;
                }
                NativeCache.delete(folder);
                return load(cache.files(library.key(), resources), how);
            }
        }

        /** From files that are there only while they are loaded. */
        private LoadedLibrary loadTemporary(String how, IOException unwritable) throws IOException {
            Path temporary = Files.createTempDirectory("culebra-natives-");
            try {
                Path folder = new NativeCache(temporary).files(library.key(), resources);
                return load(folder, how + ", copied for this process alone");
            } catch (IOException failure) {
                failure.addSuppressed(unwritable);
                throw failure;
            } finally {
                NativeCache.delete(temporary);
            }
        }

        private LoadedLibrary load(Path folder, String how) {
            return LibraryFile.load(library, name, folder.resolve(name.name()), how, surroundings);
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
