package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Generates the raw bindings: for each library of {@link LibrarySpecs} it parses the headers, selects what is bound,
 * emits the sources, and at the end writes their checksums and the coverage report.
 */
public final class Bindgen {
    private static final Path CHECKSUMS = Path.of("bindings/generated.sha256");
    private static final Path README = Path.of("bindings/README.md");
    private static final String BEGIN = "<!-- coverage: written by bindgen -->\n";
    private static final String END = "<!-- end of coverage -->\n";

    private Bindgen() {}

    /**
     * Writes everything into a checkout of the project.
     *
     * @param arguments the folder of the checkout
     */
    public static void main(String[] arguments) throws IOException {
        try {
            System.out.print(generateInto(Path.of(arguments[0]).toRealPath()));
        } catch (MissingToolException missing) {
            System.err.println(missing.getMessage());
            System.exit(1);
        }
    }

    /** Writes everything and returns the coverage report. */
    private static String generateInto(Path root) throws IOException, MissingToolException {
        List<Generated> libraries = generate(root);
        for (Generated library : libraries) {
            write(library, root);
        }
        Files.writeString(root.resolve(CHECKSUMS), checksums(libraries, root));
        String report = Coverage.report(libraries);
        Path readme = root.resolve(README);
        Files.writeString(readme, withCoverage(Files.readString(readme), report));
        return report;
    }

    /** Generates all libraries in memory, for a checkout of the project. */
    static List<Generated> generate(Path root) throws IOException, MissingToolException {
        Toolchain toolchain = Toolchain.find();
        List<Generated> libraries = new ArrayList<>();
        for (LibrarySpec spec : LibrarySpecs.all()) {
            Path unpacked = Files.createTempDirectory("bindgen");
            try {
                libraries.add(Generated.from(spec, toolchain, VendorFiles.of(spec.origin(), root, unpacked)));
            } finally {
                delete(unpacked);
            }
        }
        return libraries;
    }

    /** The lines of the checksum file: SHA-256 and path of each source, as {@code sha256sum} writes them. */
    static String checksums(List<Generated> libraries, Path root) {
        SortedMap<String, String> lines = new TreeMap<>();
        for (Generated library : libraries) {
            library.sources().forEach((name, source) -> {
                String path = root.resolve("bindings").relativize(library.folder(root).resolve(name)).toString();
                lines.put(path, sha256(source) + "  " + path);
            });
        }
        return lines.values().stream().collect(Collectors.joining("\n", "", "\n"));
    }

    /** A README with its generated section replaced. */
    static String withCoverage(String readme, String report) {
        int begin = readme.indexOf(BEGIN);
        int end = readme.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(README + " lacks the lines " + BEGIN.strip() + " and " + END.strip());
        }
        return readme.substring(0, begin + BEGIN.length()) + "\n" + report + "\n" + readme.substring(end);
    }

    private static void write(Generated library, Path root) throws IOException {
        Path folder = library.folder(root);
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (!library.sources().containsKey(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
        for (var source : library.sources().entrySet()) {
            Files.writeString(folder.resolve(source.getKey()), source.getValue());
        }
        Path jextract = JextractArguments.file(library, root);
        Files.createDirectories(jextract.getParent());
        Files.writeString(jextract, JextractArguments.arguments(library));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((first, second) -> second.compareTo(first)).toList()) {
                Files.delete(file);
            }
        }
    }
}
