package dev.culebra.runtime.nvrtc;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KernelSourceTest {
    private static final Map<String, String> HEADERS = Map.of("known.h", "// includes nothing\n");

    @ParameterizedTest
    @ValueSource(strings = {"", "__global__ void includes() {}", "// we include <math.h> nowhere",
        "#include \"known.h\"",
        "  #  include <known.h>\n", "#inc\\\nlude \"known.h\"", "int include = 3;",
        "#define include_all 1"})
    void sourcesThatIncludeKnownHeadersAreSelfContained(String text) {
        assertTrue(new KernelSource("a.cu", text, HEADERS).isSelfContained());
    }

    @ParameterizedTest
    @ValueSource(strings = {"#include <cuda_fp16.h>", "#include \"known.h\"\n#include \"other.h\"", "#include MACRO",
        "#inc\\\nlude \"other.h\"", "%:include <other.h>", "#/* hidden */include \"other.h\"",
        "#include_next <known.h>", "#if __has_include(<other.h>)\n#endif", "// #include <other.h>",
        "#import \"known.h\"", "#include/**/\"other.h\""})
    void otherIncludesReadFiles(String text) {
        assertFalse(new KernelSource("a.cu", text, HEADERS).isSelfContained());
        assertFalse(new KernelSource("a.cu", "", Map.of("wrapper.h", text)).isSelfContained());
    }

    @Test
    void nulIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new KernelSource("a.cu", "int a;\0int b;"));
        assertThrows(IllegalArgumentException.class, () -> new KernelSource("a\0.cu", ""));
        assertThrows(IllegalArgumentException.class, () -> new KernelSource("a.cu", "", Map.of("a.h", "\0")));
        assertThrows(IllegalArgumentException.class, () -> new KernelSource("a.cu", "", Map.of("a\0.h", "")));
    }
}
