package dev.culebra.runtime.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

import dev.culebra.runtime.nvrtc.CompileOptions;
import dev.culebra.runtime.nvrtc.KernelSource;

/**
 * A source of this backend for some sizes and types.
 *
 * @param source its name without {@code .cu}
 * @param constants the sizes and types: values of macros by name, sorted
 */
record KernelVariant(String source, Map<String, String> constants) {
    private static final String INTRINSICS = "intrinsics.cuh";

    /** Keeps a copy of the constants. */
    KernelVariant {
        constants = Collections.unmodifiableMap(new TreeMap<>(constants));
    }

    /** The same, of values of any type. */
    static KernelVariant of(String source, Map<String, ?> constants) {
        Map<String, String> texts = new TreeMap<>();
        constants.forEach((name, value) -> texts.put(name, value.toString()));
        return new KernelVariant(source, texts);
    }

    /** The source with the header that all include. */
    KernelSource text() {
        return new KernelSource(source + ".cu", text(source + ".cu"), Map.of(INTRINSICS, text(INTRINSICS)));
    }

    /** How to compile it for an architecture. */
    CompileOptions options(String architecture) {
        CompileOptions options = CompileOptions.of(architecture).with("--std=c++17");
        for (Map.Entry<String, String> constant : constants.entrySet()) {
            options = options.with("-D" + constant.getKey() + "=" + constant.getValue());
        }
        return options;
    }

    /** A number of so many sources that is another when one of them, or what all include, changes. */
    static String digest(List<String> sources) {
        CRC32C digest = new CRC32C();
        Stream.concat(Stream.of(INTRINSICS), sources.stream().map(source -> source + ".cu"))
                .forEach(resource -> digest.update(text(resource).getBytes(StandardCharsets.UTF_8)));
        return Long.toHexString(digest.getValue());
    }

    private static String text(String resource) {
        try (InputStream in = KernelVariant.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("there is no " + resource + " beside " + KernelVariant.class);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
