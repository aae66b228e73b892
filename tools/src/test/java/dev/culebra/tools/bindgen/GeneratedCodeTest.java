package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

import dev.culebra.tools.bindgen.LibrarySpec.Reason;
import dev.culebra.tools.bindgen.LibrarySpec.Target;
import dev.culebra.tools.bindgen.emit.JavaEmitter;
import dev.culebra.tools.bindgen.model.Declaration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Generates bindings to a small C library with one declaration of each kind, compiles both and lets them talk. */
class GeneratedCodeTest {
    private static final String PROPERTY = "culebra.sample.path";
    private static final LibrarySpec SPEC = new LibrarySpec("Sample 1.0",
            Origin.ofJar("nowhere", "libsample.so", List.of("sample.h")),
            new Target("sample", "sample", "SampleLibrary.SAMPLE"), List.of("ft_", "FT_", "wait"), List.of(),
            List.of(Reason.of("ft_undeclared", "in no header")));

    @TempDir
    private static Path folder;
    private static HeaderSet headers;
    private static Path library;
    private static List<Declaration> declarations;
    private static Selection selection;
    private static URLClassLoader classes;

    @BeforeAll
    static void generateAndCompile() throws IOException, InterruptedException {
        Toolchain toolchain = Workbench.toolchain();
        library = folder.resolve("libsample.so");
        Workbench.gcc(List.of("-shared", "-fPIC", "-o", library.toString(), Workbench.resource("sample.c").toString()));
        System.setProperty(PROPERTY, library.toString());
        headers = new HeaderSet(List.of(Workbench.resource("").toAbsolutePath()), toolchain.systemFolders(),
                SPEC.origin().headers(), List.of());
        declarations = HeaderParser.parse(toolchain.clang(), headers);
        var exported = ElfSymbols.exportedBy(library);
        exported.add("ft_missing");
        selection = Selection.of(SPEC, declarations, new Exports(Optional.of(exported), exported));
        classes = compile(JavaEmitter.emit(SPEC, selection.bound()), "whole");
    }

    @AfterAll
    static void close() throws IOException {
        System.clearProperty(PROPERTY);
        if (classes != null) {
            classes.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> generatedCodeDoesWhatCDoes() throws ReflectiveOperationException {
        return uses(classes);
    }

    @Test
    void layoutsAreThoseOfTheCompiler() throws IOException, InterruptedException, ReflectiveOperationException {
        int compared = LayoutComparison.compare(selection.bound(), headers, classes, "sample", folder);
        assertTrue(compared > 60, compared + " numbers compared");
    }

    @TestFactory
    Stream<DynamicTest> classSplitForTheConstantPoolWorksTheSame() throws IOException, ReflectiveOperationException {
        SortedMap<String, String> sources = JavaEmitter.emit(SPEC, selection.bound(), 200);
        assertTrue(sources.containsKey("sample_2.java"), sources.keySet()::toString);
        return uses(compile(sources, "split"));
    }

    @Test
    void whatIsLeftOutHasAReason() {
        assertEquals(Map.of("FT_PARAMETERS", "a macro with parameters", "FT_STATEMENT", "a macro that is no expression",
                "FT_UNKNOWN", "a macro that is no constant", "ft_counter", "a variable, not a function", "ft_inline",
                "an inline function of the header, without a symbol", "ft_long_double",
                "no layout expresses long double", "ft_list", "no layout expresses va_list", "FT_API",
                "a macro that is no expression", "FT_PER_THREAD", "a macro with parameters", "ft_logger",
                "no upcall has variadic parameters"), selection.excluded());
        assertEquals(Map.of("ft_undeclared", "in no header"), selection.undeclared());
    }

    @Test
    void functionsThatNobodyExplainedStopTheGenerator() throws IOException {
        Exports exports = new Exports(Optional.of(ElfSymbols.exportedBy(library)), ElfSymbols.exportedBy(library));
        IllegalArgumentException unexplained = assertThrows(IllegalArgumentException.class,
                () -> Selection.of(new LibrarySpec(SPEC.title(), SPEC.origin(), SPEC.target(), List.of("ft_", "FT_"),
                        List.of(), List.of()), declarations, exports));
        assertTrue(unexplained.getMessage().contains("ft_missing is declared and not exported"));
        assertTrue(unexplained.getMessage().contains("ft_undeclared is exported and not declared"));
        assertTrue(unexplained.getMessage().contains("wait is declared and exported, but has none"));
    }

    @Test
    void generatedFilesSayWhatTheyAre() {
        String source = JavaEmitter.emit(SPEC, selection.bound()).get("sample.java");
        assertTrue(source.startsWith("// Generated by culebra bindgen from Sample 1.0 headers. Do not edit: run "));
        assertTrue(source.contains("/** {@code int ft_fold(const int *values, int count, int (*step)(int, int))} */"));
        assertTrue(source.contains("/** {@code #define FT_SHIFTED ( 1u << 4 )} */"), source);
    }

    private static Stream<DynamicTest> uses(ClassLoader loader) throws ReflectiveOperationException {
        return Arrays.stream(loader.loadClass("sample.SampleUse").getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> call(method)));
    }

    private static void call(Method method) throws Throwable {
        try {
            method.invoke(null);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
    }

    private static URLClassLoader compile(SortedMap<String, String> sources, String name) throws IOException {
        Path java = Files.createDirectories(folder.resolve(name).resolve("java"));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Files.writeString(java.resolve(source.getKey()), source.getValue());
        }
        for (String file : List.of("SampleLibrary.java", "SampleUse.java")) {
            Files.copy(Workbench.resource("java").resolve(file), java.resolve(file));
        }
        return Workbench.compile(java, Files.createDirectories(folder.resolve(name).resolve("classes")));
    }
}
