package dev.culebra.experiments.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.culebra.experiments.Python;
import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

class NpzWriterTest {
    @TempDir
    Path folder;

    private static NpzWriter sample() {
        return new NpzWriter().add("tokens", NpyType.UINT16, new int[] {1, 65535, 3})
                .add("sizes", NpyType.INT64, new int[] {-2, 1})
                .add("matrix", NpyType.INT8, new int[] {1, 2, -3, 4}, 2, 2)
                .add("half", NpyType.FLOAT16, new float[] {0.5f, -2}, 2, 1)
                .add("single", NpyType.FLOAT32, new float[] {0.1f}).add("double", NpyType.FLOAT64, new float[] {0.25f});
    }

    @Test
    void whatItWritesIsReadBack() {
        Path file = folder.resolve("sample.npz");
        sample().writeTo(file);
        try (NpzReader reader = new NpzReader(file)) {
            assertEquals(List.of("tokens", "sizes", "matrix", "half", "single", "double"), reader.names());
            assertArrayEquals(new int[] {1, 65535, 3}, reader.readInts("tokens").values());
            assertArrayEquals(new int[] {-2, 1}, reader.readInts("sizes").values());
            assertEquals(List.of(2, 2), reader.readInts("matrix").shape());
            assertArrayEquals(new int[] {1, 2, -3, 4}, reader.readInts("matrix").values());
            assertEquals(List.of(2, 1), FloatArray.read(reader, "half").shape());
            assertArrayEquals(new float[] {0.5f, -2}, FloatArray.read(reader, "half").values());
            assertArrayEquals(new float[] {0.1f}, FloatArray.read(reader, "single").values());
            assertArrayEquals(new float[] {0.25f}, FloatArray.read(reader, "double").values());
        }
    }

    @Test
    void arraysLongerThanOneChunkSurvive() {
        int[] values = new int[200_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 7919 % 60_000;
        }
        Path file = folder.resolve("long.npz");
        new NpzWriter().add("tokens", NpyType.INT32, values).writeTo(file);
        try (NpzReader reader = new NpzReader(file)) {
            assertArrayEquals(values, reader.readInts("tokens").values());
        }
    }

    @Test
    void arraysLongerThanOnePieceSurvive() {
        float[] values = new float[200_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 7919 % 60_000;
        }
        Path file = folder.resolve("long.npz");
        new NpzWriter().add("table", NpyType.FLOAT32, values).writeTo(file);
        try (NpzReader reader = new NpzReader(file)) {
            assertArrayEquals(values, FloatArray.read(reader, "table").values());
        }
    }

    @Test
    void sameArraysGiveTheSameBytes() throws IOException {
        sample().writeTo(folder.resolve("a.npz"));
        sample().writeTo(folder.resolve("b.npz"));
        assertEquals(-1, Files.mismatch(folder.resolve("a.npz"), folder.resolve("b.npz")));
    }

    @Test
    void aNumberBeyondItsTypeLeavesNoFile() throws IOException {
        NpzWriter writer = new NpzWriter().add("tokens", NpyType.UINT16, new int[] {65536});
        Path file = folder.resolve("overflow.npz");
        assertEquals("65536 does not fit uint16",
                assertThrows(ArithmeticException.class, () -> writer.writeTo(file)).getMessage());
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void anUnwritableFolderIsOneClearLine() {
        Path file = folder.resolve("missing").resolve("a.npz");
        RunFailedException e = assertThrows(RunFailedException.class, () -> sample().writeTo(file));
        assertEquals("cannot write " + file + " (its folder does not exist); free space there, or choose a folder that "
                + "can be written", e.getMessage());
        assertFalse(Files.exists(file));
    }

    @Test
    void numpyReadsIt() throws IOException, InterruptedException {
        Path file = folder.resolve("sample.npz");
        sample().writeTo(file);
        String output = Python.output("numpy", Requirement.NUMPY, """
                archive = numpy.load(sys.argv[1], allow_pickle=False)
                print([(name, str(archive[name].dtype), archive[name].tolist()) for name in archive.files])
                """, file);
        assertEquals("[('tokens', 'uint16', [1, 65535, 3]), ('sizes', 'int64', [-2, 1]), "
                + "('matrix', 'int8', [[1, 2], [-3, 4]]), ('half', 'float16', [[0.5], [-2.0]]), "
                + "('single', 'float32', [0.10000000149011612]), ('double', 'float64', [0.25])]",
                output);
    }
}
