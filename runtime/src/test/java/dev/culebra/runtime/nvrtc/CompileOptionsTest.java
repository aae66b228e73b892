package dev.culebra.runtime.nvrtc;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class CompileOptionsTest {
    @ParameterizedTest
    @CsvSource({"sm_80, compute_80", "sm_90a, compute_90a", "sm_100, compute_100", "sm_120f, compute_120f"})
    void architectureIsRealForCubinAndVirtualForPtx(String architecture, String virtual) {
        CompileOptions options = CompileOptions.of(architecture).with("-lineinfo");
        assertEquals(List.of("--gpu-architecture=" + architecture, "-lineinfo"), options.arguments());
        assertEquals(List.of("--gpu-architecture=" + virtual, "-lineinfo"), options.as(ImageKind.PTX).arguments());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "90", "sm90", "sm_", "sm_90b", "compute_90", "sm_90a ", "SM_90"})
    void whatIsNoArchitectureIsRefused(String name) {
        String message = assertThrows(IllegalArgumentException.class, () -> CompileOptions.of(name)).getMessage();
        assertEquals("not an architecture such as sm_80 or sm_90a: " + name, message);
    }

    @ParameterizedTest
    @CsvSource({"-Iinclude, true", "-I, true", "--include-path=/usr/include, true", "-include, true",
        "--pre-include=a.h, true", "--use-pch=a.pch, true", "-DI=3, false", "--use_fast_math, false",
        "--ptxas-options=-v, false", "-lineinfo, false"})
    void optionsThatReadFilesAreKnown(String option, boolean reads) {
        assertEquals(reads, CompileOptions.of("sm_80").with(option).readsFiles());
    }

    @Test
    void resourceUsageIsAskedForOnce() {
        CompileOptions options = CompileOptions.of("sm_80").withResourceUsage();
        assertEquals(List.of("--ptxas-options=-v"), options.options());
        assertEquals(options, options.withResourceUsage());
    }

    @Test
    void nulIsRefused() {
        CompileOptions options = CompileOptions.of("sm_80");
        assertThrows(IllegalArgumentException.class, () -> options.with("-DA=\0"));
        assertThrows(IllegalArgumentException.class, () -> options.naming("kernel\0"));
    }
}
