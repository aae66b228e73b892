package dev.culebra.bindings;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import dev.culebra.testing.AnotherJvm;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Looks for libraries in all places; the library is oneDNN's own companion, which is small. */
class NativeLibraryTest {
    private static final String FOLDER = "org/bytedeco/dnnl/" + Platform.current() + "/";
    private static final String NAME = "libgomp.so.1";
    private static final String PROPERTY = "culebra.made.path";
    private static final FunctionDescriptor INT = FunctionDescriptor.of(Native.C_INT);

    @TempDir
    private Path folder;

    @BeforeEach
    void needsTheCompanion() {
        if (ClassLoader.getSystemResource(FOLDER + NAME) == null) {
            Requirement.CPU.missing(FOLDER + NAME + " is in no jar on the class path");
        }
    }

    @AfterEach
    void clear() {
        System.clearProperty(PROPERTY);
    }

    @Test
    void configuredFileIsTaken() throws Throwable {
        Path file = copy("renamed.so");
        System.setProperty(PROPERTY, file.toString());
        NativeLibrary library = made(List.of(NAME));
        LoadedLibrary loaded = library.load();
        assertEquals(file, loaded.path().orElseThrow());
        assertEquals("named by -D" + PROPERTY, loaded.how());
        assertSame(loaded, library.load());
        assertTrue((int) library.function("omp_get_max_threads", INT).invokeExact() > 0);
    }

    @Test
    void configuredFolderIsSearchedForTheNames() throws IOException {
        copy(NAME);
        System.setProperty(PROPERTY, folder.toString());
        assertEquals(folder.resolve(NAME), made(List.of("libother.so", NAME)).load().path().orElseThrow());
    }

    @Test
    void nothingReplacesAConfiguredPath() {
        System.setProperty(PROPERTY, folder.resolve("nowhere.so").toString());
        MissingLibraryException missing = assertThrows(MissingLibraryException.class,
                () -> made(List.of(NAME)).load());
        assertTrue(missing.getMessage().contains("nowhere.so (named by -D" + PROPERTY + "): no such file"),
                missing.getMessage());
    }

    @Test
    void brokenFileIsReportedInTheSystemsWords() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.so"), "no library at all, however long it may be");
        System.setProperty(PROPERTY, broken.toString());
        MissingLibraryException missing = assertThrows(MissingLibraryException.class,
                () -> made(List.of(NAME)).load());
        assertTrue(missing.getMessage().contains("broken.so"), missing.getMessage());
        assertTrue(missing.getMessage().matches("(?s).*(file too short|invalid ELF header|ELF|not valid).*"),
                missing.getMessage());
    }

    @Test
    void missingLibrarySaysWhatWasTriedAndWhatToDo() {
        MissingLibraryException missing = assertThrows(MissingLibraryException.class,
                () -> made(List.of("libnowhere.so.1", "libnowhere.so")).load());
        assertEquals("""
                Made was not found on %s. Tried:
                  -Dculebra.made.path and CULEBRA_MADE_PATH: not set
                  %2$slibnowhere.so.1: in no jar on the class path
                  libnowhere.so.1: unknown to the dynamic linker
                  %2$slibnowhere.so: in no jar on the class path
                  libnowhere.so: unknown to the dynamic linker
                To install it: make made""".formatted(Platform.current(), FOLDER), missing.getMessage());
    }

    @Test
    void theCommandThatInstallsOneDnnNamesTheVersionOfTheBuild() throws IOException {
        String version = Files.readString(Requirement.source("../pom.xml")).replaceFirst(
                "(?s).*<onednn\\.version>(.*?)</onednn\\.version>.*", "$1");
        String install = NativeLibraries.ONEDNN.description().install();
        assertTrue(install.contains("org.bytedeco:dnnl:" + version + ":"), install);
    }

    @Test
    void whatTheDynamicLinkerKnowsIsFoundByName() {
        Assumptions.assumeTrue(Platform.current().system() == Platform.System.LINUX, "skipped: libm has another name");
        LoadedLibrary loaded = made(List.of("libnowhere.so.1", "libm.so.6")).load();
        assertEquals("libm.so.6", loaded.fileName());
        assertEquals("found by the dynamic linker", loaded.how());
    }

    @Test
    void handlesOfAMissingLibraryFailWhenCalledEachTime() {
        MethodHandle handle = made(List.of("libnowhere.so")).function("f", INT);
        for (int i = 0; i < 2; i++) {
            assertThrows(MissingLibraryException.class, () -> handle.invokeWithArguments());
        }
    }

    @Test
    void missingSymbolNamesLibraryAndSymbol() {
        NativeLibrary library = made(List.of(NAME));
        MissingSymbolException missing = assertThrows(MissingSymbolException.class,
                () -> library.function("omp_get_no_such_thing", INT).invokeWithArguments());
        assertTrue(
                missing.getMessage().matches("(?s)Made \\(.*libgomp.so.1.*\\) has no symbol omp_get_no_such_thing.*"),
                missing.getMessage());
    }

    @Test
    void nativesInAFatJarAreFound() throws IOException, InterruptedException {
        String output = startFatJar(folder.resolve("cache"));
        assertTrue(output.matches("(?s)Made \\(.*cache.natives.made-.*libgomp.so.1, from fat.jar\\)\\s*"), output);
    }

    @Test
    void withoutAFolderToKeepThemNativesLastForTheProcess() throws IOException, InterruptedException {
        String output = startFatJar(Files.writeString(folder.resolve("file"), "no folder"));
        assertTrue(output.matches(
                "(?s)Made \\(.*culebra-natives-.*libgomp.so.1, from fat.jar, copied for this process alone\\)\\s*"),
                output);
        Path library = Path.of(output.substring("Made (".length(), output.indexOf(", from fat.jar")));
        assertFalse(Files.exists(library.getParent().getParent()), output);
    }

    @Test
    void aDamagedCopyIsMadeAnew() throws IOException, InterruptedException {
        Path cache = folder.resolve("cache");
        startFatJar(cache);
        try (Stream<Path> files = Files.walk(cache)) {
            Path library = files.filter(file -> file.endsWith(NAME)).findFirst().orElseThrow();
            Files.write(library, new byte[Math.toIntExact(Files.size(library))]);
        }
        String output = startFatJar(cache);
        // The virtual machine warns of the damaged one first.
        assertTrue(output.contains("Made (" + cache), output);
    }

    private String startFatJar(Path cache) throws IOException, InterruptedException {
        Path jar = folder.resolve("fat.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FatJarMain.class.getName());
        manifest.getMainAttributes().putValue("Enable-Native-Access", "ALL-UNNAMED");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            addClasses(out, Path.of("target/classes"));
            addClasses(out, Path.of("target/test-classes"));
            out.putNextEntry(new JarEntry(FOLDER + NAME));
            try (InputStream library = ClassLoader.getSystemResourceAsStream(FOLDER + NAME)) {
                library.transferTo(out);
            }
        }
        return AnotherJvm.output(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dculebra.cache=" + cache, "-jar", jar.toString()).redirectErrorStream(true));
    }

    private static void addClasses(JarOutputStream out, Path root) throws IOException {
        String package_ = NativeLibrary.class.getPackageName().replace('.', '/');
        try (Stream<Path> files = Files.list(root.resolve(package_))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(root.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
            }
        }
    }

    static NativeLibrary made(List<String> names) {
        return new NativeLibrary(new LibraryDescription("made", "Made",
                Map.of(Platform.current().system(), names.stream().map(LibraryFileName::new).toList()),
                List.of(new MavenNatives("org/bytedeco/dnnl"), new DynamicLinker()), "make made"));
    }

    private Path copy(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream library = ClassLoader.getSystemResourceAsStream(FOLDER + NAME)) {
            Files.copy(library, file);
        }
        return file;
    }
}
