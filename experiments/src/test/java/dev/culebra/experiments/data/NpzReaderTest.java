package dev.culebra.experiments.data;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import dev.culebra.experiments.failure.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Reads files that numpy wrote: see make.py beside them. */
class NpzReaderTest {
    @TempDir
    Path folder;

    private static Path resource(String name) {
        try {
            return Path.of(NpzReaderTest.class.getResource("/npz/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz"})
    void readsEveryIntegerType(String file) {
        try (NpzReader reader = new NpzReader(resource(file))) {
            for (NpyType type : NpyType.values()) {
                if (type.isInteger()) {
                    IntArray array = reader.readInts(type.toString());
                    assertEquals(List.of(4), array.shape());
                    assertArrayEquals(new int[] {0, 1, 100, 127}, array.values(), type.toString());
                }
            }
            assertArrayEquals(new int[] {65535}, reader.readInts("uint16_top").values());
            assertArrayEquals(new int[] {-128}, reader.readInts("int8_low").values());
            assertArrayEquals(new int[] {Integer.MIN_VALUE}, reader.readInts("int64_low").values());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz"})
    void readsEveryFloatingPointType(String file) {
        try (NpzReader reader = new NpzReader(resource(file))) {
            for (String type : List.of("float16", "float32", "float64")) {
                FloatArray array = FloatArray.read(reader, type);
                assertEquals(List.of(2, 3), array.shape());
                assertArrayEquals(new float[] {0.5f, -1.25f, 3, 65504, 0x1p-14f, 0}, array.values(), type);
            }
            assertArrayEquals(new float[] {0, 1, 100, 127}, FloatArray.read(reader, "uint16").values());
        }
    }

    @Test
    void readsEveryShape() {
        try (NpzReader reader = new NpzReader(resource("stored.npz"))) {
            assertEquals(List.of(), reader.readInts("scalar").shape());
            assertArrayEquals(new int[] {7}, reader.readInts("scalar").values());
            assertEquals(List.of(0), reader.readInts("empty").shape());
            assertEquals(List.of(2, 3, 4), reader.readInts("cube").shape());
            assertEquals(23, reader.readInts("cube").values()[23]);
        }
    }

    @Test
    void readsHeadersOfVersion2() {
        try (NpzReader reader = new NpzReader(resource("version2.npz"))) {
            assertEquals(List.of("tokens"), reader.names());
            assertArrayEquals(new int[] {1, 2, 3}, reader.readInts("tokens").values());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            stored.npz    | tokens        | array 'tokens' is missing (found: int8, int16
            stored.npz    | float32       | array 'float32' holds float32 numbers where integers are needed
            stored.npz    | too_large     | array 'too_large' holds a number at index 1 that does not fit
            stored.npz    | far_too_large | array 'far_too_large' holds a number at index 0 that does not fit
            unusable.npz  | pickled       | array 'pickled' holds pickled Python objects
            unusable.npz  | fortran       | array 'fortran' is stored in Fortran order; save numpy.ascontiguousarray
            unusable.npz  | big_endian    | array 'big_endian' is big-endian ('>i4'); save array.astype('<i4')
            unusable.npz  | text          | array 'text' has elements of type '<U3'
            unusable.npz  | records       | array 'records' holds records with fields
            cut_array.npz | tokens        | array 'tokens' is truncated or damaged; copy or make the file again
            cut_array.npz | garbage       | array 'garbage' is not in numpy's .npy format
            """)
    void namesFileArrayAndRemedy(String file, String array, String message) {
        try (NpzReader reader = new NpzReader(resource(file))) {
            BadInputException e = assertThrows(BadInputException.class, () -> reader.readInts(array));
            assertTrue(e.getMessage().contains(file + ": " + message), e.getMessage());
            assertEquals(1, e.getMessage().lines().count());
        }
    }

    @Test
    void refusesMissingAndTruncatedFiles() throws IOException {
        Path missing = folder.resolve("wiki.train.npz");
        assertEquals(missing + " does not exist; check the path",
                assertThrows(BadInputException.class, () -> new NpzReader(missing)).getMessage());

        byte[] whole = Files.readAllBytes(resource("deflated.npz"));
        for (int length : new int[] {0, 1, 100, whole.length / 2, whole.length - 1}) {
            Path cut = Files.write(folder.resolve("cut.npz"), Arrays.copyOf(whole, length));
            BadInputException e = assertThrows(BadInputException.class, () -> new NpzReader(cut), length + " bytes");
            assertTrue(e.getMessage().startsWith(cut + " is damaged or no .npz archive"), e.getMessage());
        }
    }

    @Test
    void noticesFlippedBits() throws IOException {
        byte[] bytes = Files.readAllBytes(resource("version2.npz"));
        int position = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("\1\0\2\0\3\0");
        bytes[position] ^= 4;
        Path damaged = Files.write(folder.resolve("damaged.npz"), bytes);
        try (NpzReader reader = new NpzReader(damaged)) {
            BadInputException e = assertThrows(BadInputException.class, () -> reader.readInts("tokens"));
            assertTrue(e.getMessage().contains("truncated or damaged"), e.getMessage());
            assertThrows(BadInputException.class, () -> FloatArray.read(reader, "tokens"));
        }
    }

    @Test
    void aShapeIsNotBelievedWithoutItsElements() throws IOException {
        Path file = folder.resolve("boasting.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("tokens.npy"));
            zip.write(new NpyHeader(NpyType.FLOAT32, List.of(20_000_000, 768)).toBytes());
            zip.write(new byte[768 * Float.BYTES]);
        }
        try (NpzReader reader = new NpzReader(file)) {
            assertEquals(file + ": array 'tokens' is truncated or damaged; copy or make the file again",
                    assertThrows(BadInputException.class, () -> reader.shape("tokens")).getMessage());
            assertThrows(BadInputException.class, () -> reader.shape("position"));
        }
    }
}
