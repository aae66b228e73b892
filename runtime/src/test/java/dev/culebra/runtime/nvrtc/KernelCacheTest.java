package dev.culebra.runtime.nvrtc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.culebra.testing.AnotherJvm;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KernelCacheTest {
    private static final long LIMIT = 64 << 20;
    private static final CompileOptions OPTIONS = CompileOptions.of("sm_90a").naming("scale<float>")
            .withResourceUsage();

    @TempDir
    private Path folder;

    @BeforeAll
    static void requireNvrtc() {
        RequiredNvrtc.check();
    }

    @Test
    void laterProcessesFindTheImageOnDisk() {
        CompiledImage compiled = cache().compile(source(1), OPTIONS);
        KernelCache later = cache();
        CompiledImage found = later.compile(source(1), OPTIONS);
        assertNotSame(compiled, found);
        assertEqual(compiled, found);
        assertEquals(1, found.resourceUsage().size());
        assertEquals("_Z5scaleIfEvPT_", found.loweredName("scale<float>"));
        assertStatistics(1, 0, 0, later);
        assertSame(found, later.compile(source(1), OPTIONS), "the second time it comes from memory");
        assertStatistics(1, 0, 0, later);
    }

    @Test
    void whateverChangesTheImageIsInTheKey() {
        KernelCache cache = cache();
        KernelSource source = source(1);
        Map<String, String> headers = Map.of("a.h", "#define A 1\n");
        List<Runnable> compilations = List.of(() -> cache.compile(source, OPTIONS),
                () -> cache.compile(source(2), OPTIONS),
                () -> cache.compile(new KernelSource("renamed.cu", source.text()), OPTIONS),
                () -> cache.compile(new KernelSource(source.name(), source.text(), headers), OPTIONS),
                () -> cache.compile(new KernelSource(source.name(), source.text(), Map.of("a.h", "#define A 2\n")),
                        OPTIONS),
                () -> cache.compile(new KernelSource(source.name(), source.text(), Map.of("b.h", "#define A 1\n")),
                        OPTIONS),
                () -> cache.compile(source, CompileOptions.of("sm_80").naming("scale<float>").withResourceUsage()),
                () -> cache.compile(source, OPTIONS.as(ImageKind.PTX)),
                () -> cache.compile(source, OPTIONS.with("-DA")),
                () -> cache.compile(source, OPTIONS.with("-DA", "-DB")),
                () -> cache.compile(source, OPTIONS.with("-DB", "-DA")),
                () -> cache.compile(source, OPTIONS.naming("scale<int>")));
        compilations.forEach(Runnable::run);
        assertStatistics(0, compilations.size(), 0, cache);
        compilations.forEach(Runnable::run);
        assertStatistics(0, compilations.size(), 0, cache);
        assertEquals(compilations.size(), files().size());
    }

    @Test
    void anotherBuildOfTheCompilerHasOtherKeys() {
        String key = CacheEntry.key(source(1), OPTIONS, "13.0 libnvrtc.so 1 2");
        assertEquals(key, CacheEntry.key(source(1), OPTIONS, "13.0 libnvrtc.so 1 2"));
        assertFalse(key.equals(CacheEntry.key(source(1), OPTIONS, "13.1 libnvrtc.so 1 2")));
        assertFalse(key.equals(CacheEntry.key(source(1), OPTIONS, "13.0 libnvrtc.so 1 3")));
        assertTrue(key.matches("[0-9a-f]{64}"), key);
    }

    /** What may happen to a file. */
    static Stream<UnaryOperator<byte[]>> damages() {
        return Stream.of(flip(0), flip(16), flip(17), flip(48), flip(49), flip(60), flip(200), flip(1000), flip(-1),
                cut(0), cut(1), cut(20), cut(48), cut(49), cut(60), cut(-1000), cut(-1),
                bytes -> Arrays.copyOf(bytes, bytes.length + 1), bytes -> new byte[bytes.length],
                bytes -> "another file".getBytes(StandardCharsets.US_ASCII));
    }

    private static UnaryOperator<byte[]> flip(int position) {
        return bytes -> {
            byte[] damaged = bytes.clone();
            damaged[Math.floorMod(position, bytes.length)] ^= 0x10;
            return damaged;
        };
    }

    private static UnaryOperator<byte[]> cut(int length) {
        return bytes -> Arrays.copyOf(bytes, Math.floorMod(length, bytes.length));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void damagedFilesAreMadeAnew(UnaryOperator<byte[]> damage) throws IOException {
        CompiledImage compiled = cache().compile(source(1), OPTIONS);
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, damage.apply(whole));
        KernelCache cache = cache();
        assertEqual(compiled, cache.compile(source(1), OPTIONS));
        assertStatistics(0, 1, 1, cache);
        assertEquals(List.of(file), files());
        KernelCache later = cache();
        assertEqual(compiled, later.compile(source(1), OPTIONS));
        assertStatistics(1, 0, 0, later);
    }

    @Test
    void noChangedByteAndNoCutGoesUnseen() throws IOException {
        String key = CacheEntry.key(source(1), OPTIONS, "build");
        byte[] whole = CacheEntry.encode(key, Program.compile(source(1), OPTIONS.as(ImageKind.PTX)));
        CacheEntry.decode(key, whole);
        for (int position = 0; position < whole.length; position++) {
            byte[] changed = flip(position).apply(whole);
            byte[] cut = Arrays.copyOf(whole, position);
            assertThrows(IOException.class, () -> CacheEntry.decode(key, changed), "changed at " + position);
            assertThrows(IOException.class, () -> CacheEntry.decode(key, cut), "cut at " + position);
        }
    }

    @Test
    void anotherKernelsFileIsNotTaken() throws IOException {
        cache().compile(source(1), OPTIONS);
        Path first = files().getFirst();
        CompiledImage second = cache().compile(source(2), OPTIONS);
        Path file = files().stream().filter(path -> !path.equals(first)).findFirst().orElseThrow();
        Files.write(file, Files.readAllBytes(first));
        KernelCache cache = cache();
        assertEqual(second, cache.compile(source(2), OPTIONS));
        assertStatistics(0, 1, 1, cache);
    }

    @Test
    void folderThatCannotBeMadeOnlyCostsTime() throws IOException {
        Path occupied = Files.writeString(folder.resolve("file"), "no folder");
        KernelCache cache = new KernelCache(occupied.resolve("kernels"), LIMIT);
        CompiledImage image = cache.compile(source(1), OPTIONS);
        assertSame(image, cache.compile(source(1), OPTIONS));
        assertEquals(1, cache.statistics().compiled());
        assertTrue(cache.statistics().unwritable().orElseThrow().contains("file"), cache.statistics().toString());
    }

    @Test
    void fileThatCannotBeReplacedOnlyCostsTime() throws IOException {
        cache().compile(source(1), OPTIONS);
        Path file = files().getFirst();
        Files.delete(file);
        Files.createDirectories(file.resolve("not empty"));
        KernelCache cache = cache();
        cache.compile(source(1), OPTIONS);
        assertStatistics(0, 1, 1, cache);
        assertTrue(cache.statistics().unwritable().isPresent());
        assertEquals(List.of(file), files(), "no partial file is left");
    }

    @Test
    void whatWasNotUsedForLongestGoesFirst() throws IOException {
        cache().compile(source(1), OPTIONS);
        Path first = files().getFirst();
        long size = Files.size(first);
        cache().compile(source(2), OPTIONS);
        Path second = files().stream().filter(file -> !file.equals(first)).findFirst().orElseThrow();
        Files.setLastModifiedTime(first, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        Files.setLastModifiedTime(second, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        KernelCache small = new KernelCache(folder.resolve("kernels"), size * 5 / 2);
        small.compile(source(1), OPTIONS);
        small.compile(source(3), OPTIONS);
        assertTrue(Files.exists(first), "it was used again");
        assertTrue(Files.notExists(second));
        assertEquals(2, files().size());
    }

    @Test
    void whatDeadProcessesLeftIsRemovedInTime() throws IOException {
        Files.createDirectories(folder.resolve("kernels"));
        Path dead = Files.writeString(folder.resolve("kernels/dead.partial"), "half");
        Path alive = Files.writeString(folder.resolve("kernels/alive.partial"), "half");
        Path foreign = Files.writeString(folder.resolve("kernels/README"), "not ours");
        for (Path old : List.of(dead, foreign)) {
            Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        }
        cache().compile(source(1), OPTIONS);
        assertTrue(Files.notExists(dead));
        assertTrue(Files.exists(alive));
        assertTrue(Files.exists(foreign));
    }

    @Test
    void clearingForgetsEverything() throws IOException {
        KernelCache cache = cache();
        cache.clear();
        cache.compile(source(1), OPTIONS);
        Path foreign = Files.writeString(folder.resolve("kernels/README"), "not ours");
        cache.clear();
        assertEquals(List.of(foreign), files());
        cache.compile(source(1), OPTIONS);
        assertStatistics(0, 2, 0, cache);
    }

    @Test
    void imagesThatDependOnFilesAreNotKept() throws IOException {
        Path header = Files.writeString(folder.resolve("factor.h"), "#define FACTOR 1111\n");
        KernelSource source = new KernelSource("file.cu",
                "#include \"factor.h\"\nextern \"C\" __global__ void store(int* out) { *out = FACTOR; }\n");
        CompileOptions options = CompileOptions.of("sm_80").as(ImageKind.PTX).with("-I" + folder);
        KernelCache cache = cache();
        assertTrue(text(cache.compile(source, options)).contains(" 1111;"));
        Files.writeString(header, "#define FACTOR 2222\n");
        assertTrue(text(cache.compile(source, options)).contains(" 2222;"));
        assertStatistics(0, 2, 0, cache);
        assertTrue(Files.notExists(folder.resolve("kernels")));
    }

    @Test
    void brokenSourcesFailEachTimeWithTheLog() {
        KernelSource broken = new KernelSource("broken.cu", "__global__ void broken() { nonsense(); }\n");
        KernelCache cache = cache();
        for (int time = 0; time < 2; time++) {
            NvrtcException failure = assertThrows(NvrtcException.class,
                    () -> cache.compile(broken, CompileOptions.of("sm_80")));
            assertTrue(failure.log().contains("identifier \"nonsense\" is undefined"), failure.getMessage());
        }
        assertTrue(Files.notExists(folder.resolve("kernels")));
    }

    @Test
    void threadsShareOneCompilation() throws Exception {
        KernelCache cache = cache();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<CompiledImage>> images = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                images.add(threads.submit(() -> cache.compile(source(1), OPTIONS)));
            }
            for (Future<CompiledImage> image : images) {
                assertSame(images.getFirst().get(), image.get());
            }
        }
        assertStatistics(0, 1, 0, cache);
    }

    @Test
    void processesShareTheFolder() throws Exception {
        List<Process> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                processes.add(start());
            }
            List<BufferedReader> outputs = processes.stream().map(Process::inputReader).toList();
            for (BufferedReader output : outputs) {
                assertEquals("ready", output.readLine());
            }
            for (Process process : processes) {
                process.outputWriter().append("go\n").flush();
            }
            List<List<String>> lines = outputs.stream().map(output -> output.lines().toList()).toList();
            for (Process process : processes) {
                assertEquals(0, process.waitFor());
            }
            assertEquals(CompileInAnotherProcess.KERNELS, lines.getFirst().size());
            assertEquals(lines.getFirst(), lines.getLast());
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
        assertEquals(CompileInAnotherProcess.KERNELS, files().size());
        KernelCache cache = cache();
        for (int i = 0; i < CompileInAnotherProcess.KERNELS; i++) {
            cache.compile(source(i), OPTIONS);
        }
        assertStatistics(CompileInAnotherProcess.KERNELS, 0, 0, cache);
    }

    private Process start() throws IOException {
        String configured = System.getProperty("culebra.nvrtc.path", "");
        ProcessBuilder process = AnotherJvm.of(CompileInAnotherProcess.class, "-Dculebra.nvrtc.path=" + configured);
        process.command().add(folder.resolve("kernels").toString());
        return process.start();
    }

    /** Compiles some kernels, all processes the same at the same time, and prints a line about each image. */
    static final class CompileInAnotherProcess {
        static final int KERNELS = 12;

        private CompileInAnotherProcess() {}

        public static void main(String[] arguments) throws IOException {
            KernelCache cache = new KernelCache(Path.of(arguments[0]), LIMIT);
            Nvrtc.version();
            System.out.println("ready");
            System.in.read();
            for (int i = 0; i < KERNELS; i++) {
                CompiledImage image = cache.compile(source(i), OPTIONS);
                System.out.println(i + " " + image.bytes().length + " " + Arrays.hashCode(image.bytes()));
            }
        }
    }

    private KernelCache cache() {
        return new KernelCache(folder.resolve("kernels"), LIMIT);
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(folder.resolve("kernels"))) {
            return files.toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static KernelSource source(int factor) {
        return new KernelSource("scale.cu",
                "template <typename T> __global__ void scale(T* values) { values[threadIdx.x] *= "
                        + factor + "; }\n");
    }

    private static String text(CompiledImage image) {
        return new String(image.bytes(), StandardCharsets.US_ASCII);
    }

    private static void assertEqual(CompiledImage expected, CompiledImage actual) {
        assertEquals(expected.kind(), actual.kind());
        assertEquals(expected.architecture(), actual.architecture());
        assertEquals(expected.loweredNames(), actual.loweredNames());
        assertArrayEquals(expected.bytes(), actual.bytes());
    }

    private static void assertStatistics(int fromDisk, int compiled, int damaged, KernelCache cache) {
        KernelCache.Statistics statistics = cache.statistics();
        assertEquals(List.of(fromDisk, compiled, damaged),
                List.of(statistics.fromDisk(), statistics.compiled(), statistics.damaged()), statistics.toString());
    }
}
