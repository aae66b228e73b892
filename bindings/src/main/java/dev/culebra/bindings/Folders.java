package dev.culebra.bindings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Lists what is in folders. */
final class Folders {
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private Folders() {}

    /**
     * What a folder holds that matches a pattern such as {@code cuda-*}, in alphabetical order; nothing where it cannot be
     * listed.
     */
    static List<Path> matching(Path folder, String pattern) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> matcher.matches(entry.getFileName())).sorted().toList();
        } catch (IOException | UncheckedIOException unlisted) {
            return List.of();
        }
    }

    /** The same, the highest version first: what has no number in its name comes last. */
    static List<Path> newestFirst(Path folder, String pattern) {
        return matching(folder, pattern).stream().sorted(byVersion().reversed()).toList();
    }

    /** By the numbers in their own names, links by those of what they lead to. */
    private static Comparator<Path> byVersion() {
        return Comparator.comparing(path -> version(real(path).getFileName().toString()), Arrays::compare);
    }

    private static BigInteger[] version(String name) {
        List<BigInteger> numbers = new ArrayList<>();
        Matcher matcher = NUMBER.matcher(name);
        while (matcher.find()) {
            numbers.add(new BigInteger(matcher.group()));
        }
        return numbers.toArray(BigInteger[]::new);
    }

    /**
     * Those folders that exist, each once however many names it has. A folder that may exist behind one that must not be
     * looked into stays, so that the search comes there and says so.
     */
    static List<FolderSource.Folder> existing(Stream<FolderSource.Folder> folders) {
        Set<Path> seen = new HashSet<>();
        return folders.filter(folder -> mayExist(folder.path()) && seen.add(real(folder.path()))).toList();
    }

    private static boolean mayExist(Path folder) {
        return Files.isDirectory(folder) || !Files.exists(folder) && !Files.notExists(folder);
    }

    /** The path without links, or as it is where that cannot be known. */
    static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException unknown) {
            return path.toAbsolutePath().normalize();
        }
    }

    /** The text of a small file. */
    static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
