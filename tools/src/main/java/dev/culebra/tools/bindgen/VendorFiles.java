package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * A library's headers and the library itself, as files.
 *
 * @param includeFolders the folders with the headers
 * @param library the library, if it can be had without the driver of a GPU
 * @param parts the libraries that it loads itself
 */
record VendorFiles(List<Path> includeFolders, Optional<Path> library, List<Path> parts) {

    /**
     * Finds the files, and unpacks them where they are in a jar.
     *
     * @param project the project's folder
     * @param scratch gets what is unpacked
     * @throws MissingToolException if they are not on this machine
     */
    static VendorFiles of(Origin origin, Path project, Path scratch) throws MissingToolException, IOException {
        return switch (origin.place()) {
            case Origin.Jar jar -> {
                unpack(jar, origin, scratch);
                yield inside(scratch, origin, project);
            }
            case Origin.Wheels wheels -> inside(sitePackages(wheels), origin, project);
            case Origin.OwnHeaders _ -> inside(project, origin, project);
        };
    }

    private static VendorFiles inside(Path folder, Origin origin, Path project) {
        List<Path> includes = new ArrayList<>(origin.includes().stream().map(folder::resolve).toList());
        includes.add(project.resolve(Origin.OWN_HEADERS));
        return new VendorFiles(includes,
                origin.isOfDriver() ? Optional.empty() : Optional.of(folder.resolve(origin.library())),
                origin.parts().stream().map(folder::resolve).toList());
    }

    /** The folder that holds all distributions in the versions that the bindings are made from. */
    private static Path sitePackages(Origin.Wheels wheels) throws MissingToolException {
        List<Path> folders = PythonPackages.folders();
        return folders.stream()
                .filter(folder -> wheels.distributions().stream()
                        .allMatch(name -> Files.isDirectory(folder.resolve(name + ".dist-info"))))
                .findFirst()
                .orElseThrow(() -> new MissingToolException("none of " + folders + " holds "
                        + String.join(", ", wheels.distributions())
                        + "; to install them: pip install -r tools/bindgen/requirements.txt"));
    }

    private static void unpack(Origin.Jar jar, Origin origin, Path scratch) throws MissingToolException, IOException {
        String library = jar.folder() + "/" + origin.library();
        URL resource = ClassLoader.getSystemResource(library);
        if (resource == null || !(resource.openConnection() instanceof JarURLConnection connection)) {
            throw new MissingToolException("no jar on the class path holds " + library
                    + "; it is in the Maven dependencies of the module tools on that platform");
        }
        connection.setUseCaches(false);
        try (JarFile file = connection.getJarFile()) {
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements();) {
                JarEntry entry = entries.nextElement();
                boolean wanted = entry.getName().equals(library)
                        || entry.getName().startsWith(jar.folder() + "/include/");
                if (wanted && !entry.isDirectory()) {
                    unpack(file, entry, jar.folder(), scratch);
                }
            }
        }
    }

    private static void unpack(JarFile jar, JarEntry entry, String folder, Path scratch) throws IOException {
        Path file = scratch.resolve(entry.getName().substring(folder.length() + 1)).normalize();
        if (!file.startsWith(scratch)) {
            throw new IOException("the jar's entry " + entry.getName() + " lies outside of " + scratch);
        }
        Files.createDirectories(file.getParent());
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, file);
        }
    }
}
