package dev.culebra.runtime.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import dev.culebra.bindings.UserCache;

/**
 * Choices in a folder, a file each, where later processes find them.
 *
 * <p>A file has four lines: what it is, the SHA-256 of the other two, the key, and the choice. It appears whole or not at all,
 * written beside and renamed, so any number of processes may share the folder. One that is damaged, of another key or not
 * readable is as if it were not there. Where the folder cannot be written, choices last for this process alone. A file is
 * smaller than a kilobyte; deleting any or all is safe.
 *
 * @param folder made when needed
 */
record ChoiceFiles(Path folder) {
    private static final String MAGIC = "culebra choice 1";
    private static final int LINES = 4;

    /** The user's: the folder {@code choices} in the user's cache folder ({@link UserCache}). */
    static ChoiceFiles ofUser() {
        return new ChoiceFiles(UserCache.folder("choices"));
    }

    /** The choice for a key, if there is a sound file of it. */
    Optional<String> read(String key) {
        try {
            List<String> lines = Files.readAllLines(file(key));
            boolean sound = lines.size() == LINES && lines.get(0).equals(MAGIC)
                    && lines.get(1).equals(checksum(lines.get(2), lines.get(3))) && lines.get(2).equals(key);
            return sound ? Optional.of(lines.get(3)) : Optional.empty();
        } catch (IOException missingOrUnreadable) {
            return Optional.empty();
        }
    }

    /**
     * Writes a choice, if that can be done and no other process has written one since {@code known} was read, so that those that
     * began together choose the same. Key and choice are one line each.
     *
     * @param known what the file was found to hold, if it was sound
     * @return the choice that stands
     */
    String write(String key, String choice, Optional<String> known) {
        if (key.lines().count() != 1 || choice.lines().count() != 1) {
            throw new IllegalArgumentException("a key and its choice are one line each: " + key + "; " + choice);
        }
        try {
            Files.createDirectories(folder);
            Path partial = Files.createTempFile(folder, "choice", ".partial");
            try {
                Files.write(partial, List.of(MAGIC, checksum(key, choice), key, choice));
                return settle(key, choice, partial, known);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException unwritable) {
            // The next process measures again.
            return choice;
        }
    }

    private String settle(String key, String choice, Path partial, Optional<String> known) throws IOException {
        try {
            Files.createLink(file(key), partial);
            return choice;
        } catch (FileAlreadyExistsException | UnsupportedOperationException thereOrNoLinks) {
            Optional<String> there = read(key);
            if (there.isPresent() && !there.equals(known)) {
                return there.get();
            }
            Files.move(partial, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return choice;
        }
    }

    private Path file(String key) {
        return folder.resolve(checksum(key) + ".choice");
    }

    private static String checksum(String... lines) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
