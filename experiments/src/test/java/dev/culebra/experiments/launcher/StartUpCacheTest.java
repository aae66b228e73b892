package dev.culebra.experiments.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class StartUpCacheTest {
    @TempDir
    Path folder;

    private String jar;
    private Path cache;

    @BeforeEach
    void makeCache() throws IOException {
        jar = folder.resolve("program.jar").toString();
        cache = Files.createFile(folder.resolve("program-25.0.3.aot"));
    }

    @Test
    void theCacheOfThatVersionIsUsed() {
        assertEquals(List.of("-Xlog:aot*=off,cds*=off", "-XX:AOTCache=" + cache),
                StartUpCache.options(jar, "25.0.3",
                        List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:+PerfDisableSharedMem")));
    }

    @Test
    void noOtherCacheIsUsed() {
        assertEquals(List.of(), StartUpCache.options(jar, "25.0.4", List.of()));
        assertEquals(List.of(), StartUpCache.options(folder.resolve("other.jar").toString(), "25.0.3", List.of()));
        assertEquals(List.of(), StartUpCache.options(cache.toString(), "25.0.3", List.of()), "no jar");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xshare:off", "-XX:AOTCache=mine.aot", "-XX:AOTCacheOutput=mine.aot", "-XX:AOTMode=off",
        "-XX:SharedArchiveFile=mine.jsa", "-XX:+AutoCreateSharedArchive", "-XX:ArchiveClassesAtExit=mine.jsa"})
    void whoAsksForAnotherCacheGetsThatOne(String option) {
        assertEquals(List.of(), StartUpCache.options(jar, "25.0.3", List.of("-Xmx1g", option)));
    }
}
