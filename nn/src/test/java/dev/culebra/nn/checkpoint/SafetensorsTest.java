package dev.culebra.nn.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Safetensors files keep every bit, appear whole or not at all, and are refused in one sentence when damaged. */
class SafetensorsTest {
    @TempDir
    private Path folder;

    @AutoClose
    private final Backend backend = new ReferenceBackend();

    @Test
    void everyTypeComesBackBitForBit() throws IOException {
        Tensor f64 = tensor(DataType.F64, Shape.of(2, 3), Math.PI, -0.0, Double.MIN_VALUE, Double.MAX_VALUE,
                Double.NEGATIVE_INFINITY, 1.0 / 3);
        Tensor f32 = tensor(DataType.F32, Shape.of(4), 0.1f, -0.0, Float.MIN_VALUE, Float.MAX_VALUE);
        Tensor bf16 = tensor(DataType.BF16, Shape.of(1, 3), 1, -1.5, 0x1p-130);
        Tensor i32 = backend.allocate(DataType.I32, Shape.of(2));
        i32.set(new int[] {Integer.MIN_VALUE, 40_478});
        Tensor scalar = tensor(DataType.F64, Shape.of(), 7);
        Tensor empty = backend.allocate(DataType.F32, Shape.of(3, 0));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("bf16", bf16);
        tensors.put("f32 \"quoted\" ünï", f32);
        tensors.put("empty", empty);
        tensors.put("f64", f64);
        tensors.put("i32", i32);
        tensors.put("scalar", scalar);
        Path file = folder.resolve("types.safetensors");
        SafetensorsWriter.write(file, Map.of("key", "välue\n"), tensors);

        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            assertEquals(Map.of("key", "välue\n"), reader.metadata());
            assertEquals(tensors.size(), reader.entries().size());
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                Tensor original = entry.getValue();
                TensorEntry stored = reader.entry(entry.getKey()).orElseThrow();
                assertEquals(original.type().name(), stored.type().name());
                assertEquals(original.shape(), stored.shape());
                assertEquals(0, stored.begin() % original.type().bytes(), "aligned");
                Tensor copy = backend.allocate(original.type(), original.shape());
                reader.read(entry.getKey(), copy);
                assertArrayEquals(original.toDoubles(), copy.toDoubles());
                assertArrayEquals(original.toDoubles(), reader.readDoubles(entry.getKey()));
            }
        }
        assertEquals(List.of(file), list());
    }

    @Test
    void tensorsLongerThanAPieceComeBackWhole() throws IOException {
        double[] values = new double[200_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sin(i);
        }
        Tensor tensor = tensor(DataType.F64, Shape.of(3, 66_667), values);
        Path file = folder.resolve("long.safetensors");
        SafetensorsWriter.write(file, Map.of(), Map.of("x", tensor));
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            Tensor copy = backend.allocate(DataType.F64, Shape.of(3, 66_667));
            reader.read("x", copy);
            assertArrayEquals(values, copy.toDoubles());
            assertArrayEquals(values, reader.readDoubles("x"));
        }
    }

    @Test
    void columnsAreReadAsRows() throws IOException {
        Path file = folder.resolve("columns.safetensors");
        SafetensorsWriter.write(file, Map.of(), Map.of("matrix", tensor(DataType.F32, Shape.of(2, 3), 1, 2, 3, 4, 5, 6),
                "vector", tensor(DataType.BF16, Shape.of(4), 1, 2, 3, 4)));
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            Tensor columns = backend.allocate(DataType.F64, Shape.of(2, 2));
            reader.readTransposed("matrix", 1, columns);
            assertArrayEquals(new double[] {2, 5, 3, 6}, columns.toDoubles());
            Tensor part = backend.allocate(DataType.F32, Shape.of(3));
            reader.readTransposed("vector", 1, part);
            assertArrayEquals(new double[] {2, 3, 4}, part.toDoubles());
            SafetensorsException beyond = assertThrows(SafetensorsException.class,
                    () -> reader.readTransposed("matrix", 2, columns));
            assertEquals(file + ": tensor 'matrix' (2, 3) has no columns 2 to 4 of 2 rows", beyond.getMessage());
            assertThrows(SafetensorsException.class, () -> reader.readTransposed("matrix", 0, part));
        }
    }

    @Test
    void tensorsAreTheSameIfEveryNumberIs() throws IOException {
        double[] values = new double[70_000];
        Arrays.setAll(values, i -> i);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("one", tensor(DataType.F32, Shape.of(70_000), values));
        tensors.put("same", tensor(DataType.F32, Shape.of(70_000), values));
        tensors.put("reshaped", tensor(DataType.F32, Shape.of(7, 10_000), values));
        tensors.put("wider", tensor(DataType.F64, Shape.of(70_000), values));
        values[69_999] = -1;
        tensors.put("other", tensor(DataType.F32, Shape.of(70_000), values));
        Path file = folder.resolve("same.safetensors");
        SafetensorsWriter.write(file, Map.of(), tensors);
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            assertTrue(reader.sameValues("one", "same"));
            for (String different : List.of("reshaped", "wider", "other", "absent")) {
                assertFalse(reader.sameValues("one", different), different);
            }
        }
    }

    @Test
    void typesThatOthersWriteAreRead() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(34).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(-5).putLong(1L << 40);
        data.putShort(Float.floatToFloat16(0.333f)).putShort((short) 0xFC00);
        data.putShort((short) 0x3F80).putShort((short) 0xBFC0);
        data.putShort((short) -3).putShort((short) 4);
        data.put((byte) -1).put((byte) 2).put((byte) 255).put((byte) 3).put((byte) 1).put((byte) 0);
        Path file = write("others.safetensors", """
                {"i64":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},
                 "f16":{"dtype":"F16","shape":[2],"data_offsets":[16,20]},
                 "bf16":{"dtype":"BF16","shape":[2],"data_offsets":[20,24]},
                 "i16":{"dtype":"I16","shape":[2],"data_offsets":[24,28]},
                 "i8":{"dtype":"I8","shape":[2],"data_offsets":[28,30]},
                 "u8":{"dtype":"U8","shape":[2],"data_offsets":[30,32]},
                 "bool":{"dtype":"BOOL","shape":[2],"data_offsets":[32,34]}}""", data.array());
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            assertArrayEquals(new double[] {-5, 1L << 40}, reader.readDoubles("i64"));
            assertArrayEquals(new double[] {0.333, Double.NEGATIVE_INFINITY}, reader.readDoubles("f16"), 1e-4);
            assertArrayEquals(new double[] {1, -1.5}, reader.readDoubles("bf16"));
            assertArrayEquals(new double[] {-3, 4}, reader.readDoubles("i16"));
            assertArrayEquals(new double[] {-1, 2}, reader.readDoubles("i8"));
            assertArrayEquals(new double[] {255, 3}, reader.readDoubles("u8"));
            assertArrayEquals(new double[] {1, 0}, reader.readDoubles("bool"));
            Tensor target = backend.allocate(DataType.F32, Shape.of(2));
            reader.read("bf16", target);
            assertArrayEquals(new float[] {1, -1.5f}, target.toFloats());
        }
    }

    private static Stream<Arguments> damagedHeaders() {
        String good = "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}";
        return Stream.of(Arguments.of("its header is not valid JSON", "{'a':"),
                Arguments.of("its header is not valid JSON", good + "}"),
                Arguments.of("its header is not a JSON object", "[1, 2]  "),
                Arguments.of("Duplicate field 'a'", "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                        + "'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}"),
                Arguments.of("tensor 'a' has the unknown dtype 'F7'", good.replace("F32", "F7")),
                Arguments.of("tensor 'a' has the unknown dtype ''", "{'a':7}"),
                Arguments.of("tensor 'a' has no list of shape", "{'a':{'dtype':'F32','data_offsets':[0,8]}}"),
                Arguments.of("tensor 'a' has -2 among its shape", good.replace("[2]", "[-2]")),
                Arguments.of("tensor 'a' has 2.5 among its shape", good.replace("[2]", "[2.5]")),
                Arguments.of("tensor 'a' F32[3] needs 12 bytes but is given 8", good.replace("[2]", "[3]")),
                Arguments.of("needs 316912650057057350374175801344 bytes",
                        good.replace("[2]", "[4294967296,4294967296,4294967296]")),
                Arguments.of("tensor 'a' has the impossible shape [2147483647, 2147483647, 2147483647, 0]",
                        "{'a':{'dtype':'F32','shape':[2147483647,2147483647,2147483647,0],'data_offsets':[0,0]}}"),
                Arguments.of("tensor 'a' is said to lie at bytes [0, 16] of 8", good.replace("8]", "16]")),
                Arguments.of("tensor 'a' is said to lie at bytes [8, 0] of 8", good.replace("[0,8]", "[8,0]")),
                Arguments.of("tensor 'a' is said to lie at bytes [0] of 8", good.replace("[0,8]", "[0]")),
                Arguments.of("tensor 'b' begins at byte 4, inside the tensor before it",
                        good.replace("}}", "},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}")),
                Arguments.of("tensor 'a' begins at byte 4, behind a hole",
                        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}"),
                Arguments.of("4 bytes behind its last tensor",
                        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}"),
                Arguments.of("its metadata is not a JSON object", good.replace("}}", "},'__metadata__':1}")),
                Arguments.of("its metadata 'x' is not a string", good.replace("}}", "},'__metadata__':{'x':1}}")));
    }

    @ParameterizedTest
    @MethodSource("damagedHeaders")
    void aDamagedHeaderIsRefused(String problem, String header) throws IOException {
        Path file = write("damaged.safetensors", header.replace('\'', '"'), new byte[8]);
        assertRefused(problem, file);
    }

    @Test
    void aHeaderThatIsNotTextIsRefused() throws IOException {
        byte[] bytes = {2, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xfe};
        assertRefused("its header is not UTF-8 text", Files.write(folder.resolve("binary.safetensors"), bytes));
    }

    @Test
    void filesThatEndTooEarlyAreRefused() throws IOException {
        Path file = folder.resolve("whole.safetensors");
        SafetensorsWriter.write(file, Map.of(), Map.of("a", tensor(DataType.F64, Shape.of(100), new double[100])));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 7) {
            Path cut = Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(whole, length));
            assertThrows(SafetensorsException.class, () -> SafetensorsReader.open(cut), "cut to " + length);
        }
    }

    @Test
    void whatIsNoSafetensorsFileIsRefused() throws IOException {
        assertRefused("there is no such file", folder.resolve("absent"));
        assertRefused("is not a file", folder);
        assertRefused("is no safetensors file: it has only 3 bytes",
                Files.writeString(folder.resolve("short"), "abc"));
        assertRefused("is no safetensors file: its first 8 bytes give a header of",
                Files.writeString(folder.resolve("text"), "This is a text and nothing else."));
        assertRefused("is no safetensors file: its first 8 bytes give a header of 18446744073709551615 bytes",
                Files.write(folder.resolve("negative"), new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}));
    }

    @Test
    void aTensorOfAnotherShapeOrNameIsRefused() throws IOException {
        Path file = folder.resolve("a.safetensors");
        SafetensorsWriter.write(file, Map.of(), Map.of("a", tensor(DataType.F64, Shape.of(2), 1, 2)));
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            Tensor target = backend.allocate(DataType.F64, Shape.of(2, 1));
            assertEquals(file + ": tensor 'a' has the shape (2) instead of (2, 1)",
                    assertThrows(SafetensorsException.class, () -> reader.read("a", target)).getMessage());
            assertEquals(file + ": has no tensor 'b'",
                    assertThrows(SafetensorsException.class, () -> reader.read("b", target)).getMessage());
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsOneSentence() {
        Path file = folder.resolve("no such folder").resolve("a.safetensors");
        IOException e = assertThrows(IOException.class, () -> SafetensorsWriter.write(file, Map.of(), Map.of()));
        assertEquals("cannot write " + file + ": its folder does not exist", e.getMessage());
    }

    @Test
    void aFailureInTheMiddleLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("a.safetensors");
        SafetensorsWriter.write(file, Map.of(), Map.of("a", tensor(DataType.F64, Shape.of(2), 1, 2)));
        byte[] before = Files.readAllBytes(file);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("b", tensor(DataType.F64, Shape.of(2), 3, 4));
        Tensor freed = new Tensor(HostStorage.allocateNative(16), 0, DataType.F64, Shape.of(2));
        tensors.put("c", freed);
        freed.storage().close();
        assertThrows(IllegalStateException.class, () -> SafetensorsWriter.write(file, Map.of(), tensors));
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(List.of(file), list());
    }

    private static void assertRefused(String problem, Path file) {
        SafetensorsException e = assertThrows(SafetensorsException.class, () -> SafetensorsReader.open(file));
        assertTrue(e.getMessage().startsWith(file + ": ") && e.getMessage().contains(problem), e.getMessage());
    }

    private Tensor tensor(DataType type, Shape shape, double... values) {
        Tensor tensor = backend.allocate(type, shape);
        tensor.set(values);
        return tensor;
    }

    private Path write(String name, String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).put(data);
        return Files.write(folder.resolve(name), bytes.array());
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
