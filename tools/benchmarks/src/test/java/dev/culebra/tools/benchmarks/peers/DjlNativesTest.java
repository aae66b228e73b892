package dev.culebra.tools.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DjlNativesTest {
    @TempDir
    private Path folder;

    @Test
    void forAGpuTheEnvironmentNamesAPyTorchWithCudaAndKeepsItFromTf32() {
        Map<String, String> environment = new HashMap<>();
        assertTrue(DjlNatives.missingForGpu(environment).orElseThrow().contains("PYTORCH_LIBRARY_PATH"));
        environment.put("PYTORCH_LIBRARY_PATH", "/lib");
        environment.put("PYTORCH_FLAVOR", "cpu");
        assertTrue(DjlNatives.missingForGpu(environment).orElseThrow().contains("PYTORCH_FLAVOR"));
        environment.put("PYTORCH_FLAVOR", "cu128");
        assertTrue(DjlNatives.missingForGpu(environment).orElseThrow().contains("NVIDIA_TF32_OVERRIDE"));
        environment.put("NVIDIA_TF32_OVERRIDE", "0");
        assertEquals(Optional.empty(), DjlNatives.missingForGpu(environment));
    }

    @Test
    void theVersionIsThatOfTheLibrariesThatAreUsed() throws IOException {
        assertTrue(DjlNatives.version("cpu").startsWith("2.7.1"));
        Path libraries = folder.resolve("torch/lib");
        assertEquals("of unknown version", DjlNatives.version(libraries));
        Files.createDirectories(libraries);
        Files.writeString(folder.resolve("torch/version.py"), "debug = False\n__version__ = '2.7.1+cu128'\n");
        assertEquals("2.7.1+cu128", DjlNatives.version(libraries));
    }
}
