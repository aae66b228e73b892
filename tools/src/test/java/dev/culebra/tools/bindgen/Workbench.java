package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Assertions;

/** What the generator's tests need: its tools, or a skip with the reason, and the compilers of C and Java. */
final class Workbench {
    /** The project's folder. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Path RESOURCES = Path.of("src/test/resources/bindgen");

    private Workbench() {}

    /** The parser, or a skipped test. */
    static Toolchain toolchain() {
        try {
            return Toolchain.find();
        } catch (MissingToolException missing) {
            Requirement.HEADERS.missing(missing.getMessage());
            throw new AssertionError(missing);
        }
    }

    /** The headers and the library of a spec, or a skipped test. */
    static VendorFiles vendorFiles(LibrarySpec spec, Path folder) throws IOException {
        try {
            return VendorFiles.of(spec.origin(), ROOT, folder);
        } catch (MissingToolException missing) {
            Requirement.HEADERS.missing(missing.getMessage());
            throw new AssertionError(missing);
        }
    }

    /** A file of the test resources. */
    static Path resource(String name) {
        return RESOURCES.resolve(name);
    }

    /** Compiles with gcc, which the toolchain has found to be there. */
    static void gcc(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("gcc"));
        command.addAll(arguments);
        run(command);
    }

    /** What a program prints; a failure of the program fails the test. */
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assertions.assertEquals(0, process.waitFor(), () -> command + "\n" + output);
        return output;
    }

    /** Compiles Java sources, as strictly as the project's own, and loads the classes. */
    static URLClassLoader compile(Path sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null);
                Stream<Path> files = Files.walk(sources)) {
            List<Path> units = files.filter(file -> file.toString().endsWith(".java")).toList();
            List<String> options = List.of("-d", classes.toString(), "-classpath", classPath(),
                    "-Xlint:all,-restricted",
                    "-Werror");
            boolean compiled = compiler.getTask(messages, manager, null, options, null,
                    manager.getJavaFileObjectsFromPaths(units)).call();
            Assertions.assertTrue(compiled, messages::toString);
        }
        return new URLClassLoader(new URL[] {classes.toUri().toURL()}, Workbench.class.getClassLoader());
    }

    private static String classPath() {
        return Stream.of(dev.culebra.bindings.NativeLibrary.class, Assertions.class,
                org.opentest4j.AssertionFailedError.class, org.apiguardian.api.API.class)
                .map(type -> Path.of(java.net.URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString())).toString())
                .reduce((left, right) -> left + java.io.File.pathSeparator + right).orElseThrow();
    }
}
