package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.culebra.tools.bindgen.clang.ClangType;
import dev.culebra.tools.bindgen.clang.Cursor;
import dev.culebra.tools.bindgen.clang.TranslationUnit;
import dev.culebra.tools.bindgen.model.Declaration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Compares the committed bindings with the headers, by ways that do not lead through the generator. */
class BindingsTest {
    @SuppressWarnings("unused")
    private static final List<LibrarySpec> LIBRARIES = LibrarySpecs.all();
    /** How many functions have to be compared at least, so that no test passes by comparing nothing. */
    private static final Map<String, Integer> FUNCTIONS = Map.of("dnnl", 193, "cuda", 449, "cublas", 590, "cublasLt",
            49, "cudnn", 228, "nvrtc", 24, "nccl", 126, "nvml", 28, "nvtx", 91);

    @TempDir
    private Path folder;
    private static Toolchain toolchain;

    @BeforeAll
    static void findTools() {
        toolchain = Workbench.toolchain();
    }

    @ParameterizedTest
    @FieldSource("LIBRARIES")
    void layoutsAreThoseOfTheCompiler(LibrarySpec spec)
            throws IOException, InterruptedException, ReflectiveOperationException {
        VendorFiles files = Workbench.vendorFiles(spec, folder);
        HeaderSet headers = HeaderSet.of(spec.origin(), files, toolchain);
        List<Declaration> bound = Selection.of(spec, HeaderParser.parse(toolchain.clang(), headers), Exports.of(files))
                .bound();
        long structs = bound.stream().filter(Declaration.Composite.class::isInstance).count();
        int compared = LayoutComparison.compare(bound, headers, getClass().getClassLoader(),
                spec.target().packageName(), folder);
        assertTrue(compared >= 3 * structs, compared + " numbers of " + structs + " structs compared");
        System.out.println(spec.title() + ": " + compared + " sizes, alignments and offsets are gcc's, of " + structs
                + " structs and unions");
    }

    @ParameterizedTest
    @FieldSource("LIBRARIES")
    void descriptorsAreTheTypesThatLibclangSees(LibrarySpec spec) throws IOException, ReflectiveOperationException {
        Class<?> functions = functionsOf(spec);
        HeaderSet headers = HeaderSet.of(spec.origin(), Workbench.vendorFiles(spec, folder), toolchain);
        Set<String> compared = new HashSet<>();
        try (TranslationUnit unit = headers.parse(toolchain.clang(), "")) {
            for (Cursor cursor : unit.root().children()) {
                String name = cursor.spelling();
                if (cursor.kind() == Cursor.Kind.FUNCTION && isBound(functions, name)) {
                    FunctionDescriptor descriptor = (FunctionDescriptor) functions.getMethod(name + "$descriptor")
                            .invoke(null);
                    assertEquals(expected(cursor.type()), actual(descriptor), name);
                    compared.add(name);
                }
            }
        }
        assertEquals(FUNCTIONS.get(spec.target().className()), compared.size());
    }

    /** Constants come from libclang; here gcc says what they are. */
    @ParameterizedTest
    @FieldSource("LIBRARIES")
    void constantsAreThoseOfTheCompiler(LibrarySpec spec)
            throws IOException, InterruptedException, ReflectiveOperationException {
        VendorFiles files = Workbench.vendorFiles(spec, folder);
        HeaderSet headers = HeaderSet.of(spec.origin(), files, toolchain);
        Class<?> constants = functionsOf(spec);
        List<Declaration> bound = Selection.of(spec, HeaderParser.parse(toolchain.clang(), headers), Exports.of(files))
                .bound();
        List<String> expected = new ArrayList<>();
        StringBuilder program = new StringBuilder();
        for (Declaration declaration : bound) {
            if (declaration instanceof Declaration.Constant constant
                    && constants.getField(constant.name()).get(null) instanceof Number number
                    && !(number instanceof Float || number instanceof Double)) {
                // An int holds the bits of an unsigned value too, so only these are compared.
                boolean wide = number instanceof Long;
                expected.add(constant.name() + " " + (wide ? number.longValue() : number.intValue() & 0xffffffffL));
                program.append("    printf(\"%s %lld\\n\", \"").append(constant.name()).append("\", (long long) ")
                        .append(wide ? "" : "(unsigned int) ").append('(').append(constant.name()).append("));\n");
            }
        }
        assertEquals(expected, LayoutComparison.output(headers, program.toString(), folder).lines().toList());
        assertFalse(expected.isEmpty());
    }

    /** The C++ compiler refuses a second declaration of a C function with other types. */
    @Test
    void declarationsOfOurOwnAgreeWithTheVendorsInCpp() throws IOException, InterruptedException {
        VendorFiles files = Workbench.vendorFiles(LibrarySpecs.CUBLAS, folder);
        Path source = Files.writeString(folder.resolve("half.cpp"),
                "#include <cublas_v2.h>\n#include \"culebra_cublas_half.h\"\n");
        List<String> command = new ArrayList<>(List.of("-fsyntax-only", source.toString()));
        files.includeFolders().forEach(include -> command.add("-I" + include));
        Workbench.gcc(command);
    }

    private static Class<?> functionsOf(LibrarySpec spec) throws ClassNotFoundException {
        return Class.forName(spec.target().packageName() + "." + spec.target().className());
    }

    private static boolean isBound(Class<?> functions, String name) {
        try {
            functions.getMethod(name + "$descriptor");
            return true;
        } catch (NoSuchMethodException unbound) {
            return false;
        }
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
            case RECORD -> "record " + canonical.size();
            default -> "whole " + canonical.size();
        };
    }

    private static List<String> actual(FunctionDescriptor descriptor) {
        List<String> shapes = new ArrayList<>(
                List.of(descriptor.returnLayout().map(BindingsTest::shape).orElse("void")));
        descriptor.argumentLayouts().forEach(layout -> shapes.add(shape(layout)));
        return shapes;
    }

    private static String shape(MemoryLayout layout) {
        return switch (layout) {
            case AddressLayout _ -> "pointer";
            case ValueLayout.OfFloat _,ValueLayout.OfDouble _ -> "floating " + layout.byteSize();
            case ValueLayout _ -> "whole " + layout.byteSize();
            default -> "record " + layout.byteSize();
        };
    }
}
