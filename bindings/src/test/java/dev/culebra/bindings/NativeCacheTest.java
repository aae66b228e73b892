package dev.culebra.bindings;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NativeCacheTest {
    @TempDir
    private Path folder;

    @Test
    void filesAppearSideBySideAndStay() throws IOException {
        byte[] library = random(1, 300_000);
        byte[] companion = random(2, 100);
        List<URL> resources = jar("one.jar", library, companion);
        Path set = cache().files("made", resources);
        assertArrayEquals(library, Files.readAllBytes(set.resolve("libmade.so.1")));
        assertArrayEquals(companion, Files.readAllBytes(set.resolve("libhelper.so")));
        FileTime old = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(set.resolve("libmade.so.1"), old);
        assertEquals(set, cache().files("made", resources));
        assertEquals(old, Files.getLastModifiedTime(set.resolve("libmade.so.1")), "written again without need");
    }

    @Test
    void anotherVersionGetsAnotherFolder() throws IOException {
        Path first = cache().files("made", jar("one.jar", random(1, 1000), random(2, 100)));
        Path second = cache().files("made", jar("two.jar", random(3, 1000), random(2, 100)));
        assertNotEquals(first, second);
        assertEquals(2, Stream.of(first, second).filter(set -> Files.exists(set.resolve("libmade.so.1"))).count());
    }

    @Test
    void truncatedCopyIsReplaced() throws IOException {
        byte[] library = random(1, 1000);
        List<URL> resources = jar("one.jar", library, random(2, 100));
        Path file = cache().files("made", resources).resolve("libmade.so.1");
        Files.write(file, new byte[10]);
        cache().files("made", resources);
        assertArrayEquals(library, Files.readAllBytes(file));
    }

    @Test
    void damagedJarLeavesNoFile() throws IOException {
        byte[] library = random(1, 100_000);
        List<URL> resources = jar("one.jar", library, random(2, 100));
        Path jar = folder.resolve("one.jar");
        byte[] bytes = Files.readAllBytes(jar);
        bytes[50_000] ^= 1;
        Files.write(jar, bytes);
        assertThrows(IOException.class, () -> cache().files("made", resources));
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            assertEquals(0, files.filter(Files::isRegularFile).count());
        }
    }

    @Test
    void severalAtOnceDoNotDisturbEachOther() throws Exception {
        byte[] library = random(1, 5_000_000);
        List<URL> resources = jar("one.jar", library, random(2, 100));
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Path>> sets = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                sets.add(threads.submit(() -> cache().files("made", resources)));
            }
            for (Future<Path> set : sets) {
                assertArrayEquals(library, Files.readAllBytes(set.get().resolve("libmade.so.1")));
            }
        }
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            assertEquals(2, files.filter(Files::isRegularFile).count(), "partial files were left");
        }
    }

    @Test
    void filesOutsideOfJarsAreTakenWhereTheyLie() throws IOException {
        Path file = Files.write(folder.resolve("libmade.so.1"), random(1, 10));
        assertEquals(folder, cache().files("made", List.of(file.toUri().toURL())));
        assertTrue(Files.notExists(folder.resolve("cache")));
    }

    private NativeCache cache() {
        return new NativeCache(folder.resolve("cache"));
    }

    private List<URL> jar(String name, byte[] library, byte[] companion) throws IOException {
        Path jar = folder.resolve(name);
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file)) {
            out.putNextEntry(new JarEntry("made/libmade.so.1"));
            out.write(library);
            out.putNextEntry(new JarEntry("made/libhelper.so"));
            out.write(companion);
        }
        return List.of(URI.create("jar:" + jar.toUri() + "!/made/libmade.so.1").toURL(),
                URI.create("jar:" + jar.toUri() + "!/made/libhelper.so").toURL());
    }

    private static byte[] random(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
