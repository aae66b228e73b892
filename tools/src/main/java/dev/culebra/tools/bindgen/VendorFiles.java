package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * A library's headers and the library itself, as files.
 *
 * @param includeFolder the folder with the headers
 * @param library the library
 */
record VendorFiles(Path includeFolder, Path library) {

    /**
     * Unpacks the jar that a library's spec names.
     *
     * @param folder gets the files
     * @throws MissingToolException if the jar is not on the class path
     */
    static VendorFiles unpack(LibrarySpec.Origin origin, Path folder) throws MissingToolException, IOException {
        URL resource = ClassLoader.getSystemResource(origin.folder() + "/" + origin.library());
        if (resource == null || !(resource.openConnection() instanceof JarURLConnection connection)) {
            throw new MissingToolException("no jar on the class path holds " + origin.folder() + "/" + origin.library()
                    + "; it is in the Maven dependencies of the module tools on that platform");
        }
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements();) {
                unpack(jar, entries.nextElement(), origin, folder);
            }
        }
        return new VendorFiles(folder.resolve("include"), folder.resolve(origin.library()));
    }

    private static void unpack(JarFile jar, JarEntry entry, LibrarySpec.Origin origin, Path folder)
            throws IOException {
        String name = entry.getName();
        boolean wanted = name.equals(origin.folder() + "/" + origin.library())
                || name.startsWith(origin.folder() + "/include/");
        if (!wanted || entry.isDirectory()) {
            return;
        }
        Path file = folder.resolve(name.substring(origin.folder().length() + 1)).normalize();
        if (!file.startsWith(folder)) {
            throw new IOException("the jar's entry " + name + " lies outside of " + folder);
        }
        Files.createDirectories(file.getParent());
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, file);
        }
    }
}
