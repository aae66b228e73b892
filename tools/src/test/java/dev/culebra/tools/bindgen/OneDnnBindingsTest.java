package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.tools.bindgen.clang.ClangType;
import dev.culebra.tools.bindgen.clang.Cursor;
import dev.culebra.tools.bindgen.clang.TranslationUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Compares the committed oneDNN bindings with the headers, by ways that do not lead through the generator. */
class OneDnnBindingsTest {
    @TempDir
    private static Path folder;
    private static Toolchain toolchain;
    private static HeaderSet headers;

    @BeforeAll
    static void unpackHeaders() throws IOException {
        toolchain = Workbench.toolchain();
        VendorFiles files = Workbench.vendorFiles(LibrarySpecs.ONEDNN, folder);
        headers = HeaderSet.of(LibrarySpecs.ONEDNN.origin(), files, toolchain);
    }

    @Test
    void layoutsAreThoseOfTheCompiler() throws IOException, InterruptedException, ReflectiveOperationException {
        int compared = LayoutComparison.compare(HeaderParser.parse(toolchain.clang(), headers), headers,
                getClass().getClassLoader(), "dev.culebra.bindings.onednn", folder);
        assertTrue(compared >= 14, compared + " numbers compared");
    }

    @Test
    void descriptorsAreTheTypesThatLibclangSees() throws ReflectiveOperationException {
        Set<String> bound = Arrays.stream(dnnl.class.getMethods()).map(Method::getName)
                .filter(name -> name.endsWith("$descriptor")).collect(Collectors.toSet());
        int compared = 0;
        try (TranslationUnit unit = headers.parse(toolchain.clang(), "")) {
            for (Cursor cursor : unit.root().children()) {
                String method = cursor.spelling() + "$descriptor";
                if (cursor.kind() == Cursor.Kind.FUNCTION && bound.contains(method)) {
                    FunctionDescriptor descriptor = (FunctionDescriptor) dnnl.class.getMethod(method).invoke(null);
                    assertEquals(expected(cursor.type()), actual(descriptor), method);
                    compared++;
                }
            }
        }
        assertEquals(bound.size(), compared);
    }

    private static List<String> expected(ClangType function) {
        List<String> shapes = new ArrayList<>(List.of(shape(function.result())));
        function.parameters().forEach(parameter -> shapes.add(shape(parameter)));
        return shapes;
    }

    private static String shape(ClangType type) {
        ClangType canonical = type.canonical();
        return switch (canonical.kind()) {
            case VOID -> "void";
            case POINTER, ARRAY, INCOMPLETE_ARRAY -> "pointer";
            case FLOAT, DOUBLE -> "floating " + canonical.size();
            default -> "whole " + canonical.size();
        };
    }

    private static List<String> actual(FunctionDescriptor descriptor) {
        List<String> shapes = new ArrayList<>(
                List.of(descriptor.returnLayout().map(OneDnnBindingsTest::shape).orElse("void")));
        descriptor.argumentLayouts().forEach(layout -> shapes.add(shape(layout)));
        return shapes;
    }

    private static String shape(MemoryLayout layout) {
        return switch (layout) {
            case AddressLayout _ -> "pointer";
            case ValueLayout.OfFloat _,ValueLayout.OfDouble _ -> "floating " + layout.byteSize();
            default -> "whole " + layout.byteSize();
        };
    }
}
