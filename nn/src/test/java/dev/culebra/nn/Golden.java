package dev.culebra.nn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.culebra.nn.checkpoint.SafetensorsReader;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

/** A golden file of PyTorch's numbers, written by a script in tools/parity; its header is checked on opening. */
final class Golden implements AutoCloseable {
    private final Path copy;
    private final SafetensorsReader reader;

    private Golden(Path copy, SafetensorsReader reader) {
        this.copy = copy;
        this.reader = reader;
    }

    /** Opens {@code /goldens/{name}.safetensors} and checks magic, version, seed, case and shapes. */
    static Golden open(String name) {
        return open("/goldens/", name);
    }

    /** The same in another folder of the test's resources. */
    static Golden open(String folder, String name) {
        String resource = folder + name + ".safetensors";
        try (InputStream stream = Golden.class.getResourceAsStream(resource)) {
            assertNotNull(stream, "no test resource " + resource);
            Path copy = Files.createTempFile("golden", ".safetensors");
            Files.copy(stream, copy, StandardCopyOption.REPLACE_EXISTING);
            Golden golden = new Golden(copy, SafetensorsReader.open(copy));
            assertEquals("culebra-golden", golden.metadata("magic"), resource);
            assertEquals("1", golden.metadata("version"), resource);
            assertEquals("42", golden.metadata("seed"), resource);
            assertEquals(name + ".safetensors", golden.metadata("case"), resource);
            assertEquals(golden.metadata("shapes"), golden.shapes(), resource);
            return golden;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String shapes() {
        return reader.entries().stream()
                .map(e -> e.name() + " " + e.type().name().toLowerCase(Locale.ROOT)
                        + Arrays.toString(e.shape().toArray()).replace(" ", ""))
                .collect(Collectors.joining("; "));
    }

    String metadata(String key) {
        String value = reader.metadata().get(key);
        assertNotNull(value, reader.file() + " has no metadata '" + key + "'");
        return value;
    }

    double number(String key) {
        return Double.parseDouble(metadata(key));
    }

    Shape shape(String name) {
        return reader.entry(name).orElseThrow().shape();
    }

    double[] doubles(String name) {
        try {
            return reader.readDoubles(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    double scalar(String name) {
        return doubles(name)[0];
    }

    int[] ints(String name) {
        return Arrays.stream(doubles(name)).mapToInt(value -> (int) value).toArray();
    }

    float[] floats(String name) {
        double[] values = doubles(name);
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** Copies a golden tensor over one of the same number of elements. */
    void copyTo(String name, Tensor target) {
        target.set(doubles(name));
    }

    @Override
    public void close() {
        try {
            reader.close();
            Files.delete(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
