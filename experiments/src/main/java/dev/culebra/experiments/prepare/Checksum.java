package dev.culebra.experiments.prepare;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

import dev.culebra.experiments.failure.BadInputException;

/**
 * The SHA-256 of a file.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Checksum(String hex) {
    /** Checks the digits. */
    public Checksum {
        hex = hex.toLowerCase(Locale.ROOT);
        if (!hex.matches("[0-9a-f]{64}")) {
            throw new BadInputException("a SHA-256 has 64 hexadecimal digits, unlike '" + hex + "'");
        }
    }

    /** That of a file. */
    static Checksum of(Path file) throws IOException {
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256())) {
            in.transferTo(OutputStream.nullOutputStream());
            return new Checksum(HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest()));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
