package dev.culebra.bindings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * Copies of natives from jars, since the operating system loads only files.
 *
 * <p>
 * Each set of files has a folder named by the sizes and CRCs that the jar states, so a start reads none of their bytes
 * and another version gets another folder. A file appears there whole or not at all: it is written beside and renamed,
 * so two processes may do it at once.
 */
final class NativeCache {
    private final Path folder;

    /** @param folder holds a folder for each set of files; made when needed */
    NativeCache(Path folder) {
        this.folder = folder;
    }

    /** Deletes a folder with all that is in it, as far as the operating system lets go of it. */
    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // Windows keeps the file of a loaded library; clearing its folder of temporary files is the user's.
        }
    }

    /**
     * Provides resources as files in one folder.
     *
     * @param key the first part of the folder's name
     * @param resources resources with distinct file names
     * @return the folder: the resources' own, if they are files already
     * @throws IOException if a resource cannot be read or its copy not be written
     */
    Path files(String key, List<URL> resources) throws IOException {
        if (resources.getFirst().getProtocol().equals("file")) {
            return Path.of(java.net.URI.create(resources.getFirst().toString())).getParent();
        }
        CRC32 content = new CRC32();
        for (URL resource : resources) {
            try (Entry entry = Entry.open(resource)) {
                content.update((entry.name() + entry.size() + entry.crc()).getBytes());
            }
        }
        Path set = folder.resolve("%s-%08x".formatted(key, content.getValue()));
        Files.createDirectories(set);
        for (URL resource : resources) {
            try (Entry entry = Entry.open(resource)) {
                Path file = set.resolve(entry.name());
                if (!Files.exists(file) || Files.size(file) != entry.size()) {
                    copy(entry, file);
                }
            }
        }
        return set;
    }

    private static void copy(Entry entry, Path file) throws IOException {
        Path partial = Files.createTempFile(file.getParent(), entry.name(), ".partial");
        try {
            CRC32 crc = new CRC32();
            try (InputStream in = new CheckedInputStream(entry.stream(), crc);
                    FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
                in.transferTo(Channels.newOutputStream(channel));
                channel.force(true);
            }
            if (crc.getValue() != entry.crc()) {
                throw new IOException("damaged jar: the CRC of " + entry.name() + " is wrong");
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    /** A file inside a jar, with what the jar's directory says of it. */
    private record Entry(JarFile jar, JarEntry entry) implements AutoCloseable {

        static Entry open(URL resource) throws IOException {
            URLConnection connection = resource.openConnection();
            connection.setUseCaches(false);
            if (connection instanceof JarURLConnection inJar) {
                return new Entry(inJar.getJarFile(), inJar.getJarEntry());
            }
            throw new IOException(resource + " is neither a file nor in a jar");
        }

        String name() {
            return entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        }

        long size() {
            return entry.getSize();
        }

        long crc() {
            return entry.getCrc();
        }

        InputStream stream() throws IOException {
            return jar.getInputStream(entry);
        }

        @Override
        public void close() throws IOException {
            jar.close();
        }
    }
}
