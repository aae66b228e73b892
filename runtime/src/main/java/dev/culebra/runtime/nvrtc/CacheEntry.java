package dev.culebra.runtime.nvrtc;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * An image in a file: magic, SHA-256 of what follows, key, kind, architecture, lowered names, log, image. Text is UTF-8 after
 * its length.
 */
final class CacheEntry {
    private static final byte[] MAGIC = "culebra kernel 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGEST_LENGTH = 32;

    private CacheEntry() {}

    /** What all that an image depends on is known by: 64 hexadecimal digits. */
    static String key(KernelSource source, CompileOptions options, String build) {
        try {
            MessageDigest digest = sha256();
            DataOutputStream out = new DataOutputStream(
                    new DigestOutputStream(ByteArrayOutputStream.nullOutputStream(), digest));
            write(out, build);
            write(out, source.name());
            write(out, source.text());
            write(out, source.headers().keySet());
            write(out, source.headers().values());
            write(out, options.image().name());
            write(out, options.arguments());
            write(out, options.nameExpressions());
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static byte[] encode(String key, CompiledImage image) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(content);
        write(out, key);
        write(out, image.kind().name());
        write(out, image.architecture());
        write(out, image.loweredNames().keySet());
        write(out, image.loweredNames().values());
        write(out, image.log());
        write(out, image.bytes());
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(MAGIC);
        file.writeBytes(sha256().digest(content.toByteArray()));
        file.writeBytes(content.toByteArray());
        return file.toByteArray();
    }

    /** @throws IOException if the file is not whole, or of another key */
    static CompiledImage decode(String key, byte[] file) throws IOException {
        int start = MAGIC.length + DIGEST_LENGTH;
        if (file.length < start || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IOException("no compiled kernel");
        }
        MessageDigest digest = sha256();
        digest.update(file, start, file.length - start);
        if (!Arrays.equals(digest.digest(), Arrays.copyOfRange(file, MAGIC.length, start))) {
            throw new IOException("wrong checksum");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(file, start, file.length - start));
        if (!readText(in).equals(key)) {
            throw new IOException("another kernel");
        }
        ImageKind kind = ImageKind.valueOf(readText(in));
        String architecture = readText(in);
        Map<String, String> loweredNames = new TreeMap<>();
        String[] expressions = readTexts(in);
        String[] names = readTexts(in);
        for (int i = 0; i < expressions.length; i++) {
            loweredNames.put(expressions[i], names[i]);
        }
        String log = readText(in);
        return new CompiledImage(kind, architecture, readBytes(in), loweredNames, log);
    }

    private static void write(DataOutputStream out, Collection<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            write(out, text);
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        write(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String[] readTexts(DataInputStream in) throws IOException {
        String[] texts = new String[in.readInt()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = readText(in);
        }
        return texts;
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
