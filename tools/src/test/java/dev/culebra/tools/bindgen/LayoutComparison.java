package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.culebra.tools.bindgen.model.CType;
import dev.culebra.tools.bindgen.model.Declaration;
import org.junit.jupiter.api.Assertions;

/**
 * Compares generated struct classes with a C program that prints what {@code sizeof}, {@code _Alignof} and
 * {@code offsetof} say of the same headers.
 */
final class LayoutComparison {
    private final StringBuilder program = new StringBuilder();
    private final List<String> names = new ArrayList<>();
    private final List<Long> generated = new ArrayList<>();
    private final ClassLoader classes;
    private final String packageName;

    private LayoutComparison(ClassLoader classes, String packageName) {
        this.classes = classes;
        this.packageName = packageName;
    }

    /**
     * Compares all structs and unions among some declarations.
     *
     * @return how many numbers were compared
     */
    static int compare(List<Declaration> declarations, HeaderSet headers, ClassLoader classes, String packageName,
            Path folder) throws IOException, InterruptedException, ReflectiveOperationException {
        LayoutComparison comparison = new LayoutComparison(classes, packageName);
        for (Declaration declaration : declarations) {
            if (declaration instanceof Declaration.Composite composite) {
                comparison.add(composite);
            }
        }
        comparison.check(headers, folder);
        return comparison.names.size();
    }

    private void add(Declaration.Composite composite) throws ReflectiveOperationException {
        Class<?> type = classes.loadClass(packageName + "." + composite.javaName());
        MemoryLayout layout = (MemoryLayout) type.getMethod("layout").invoke(null);
        number("sizeof(" + composite.spelling() + ")", layout.byteSize());
        number("sizeof(" + composite.spelling() + ")", (long) type.getMethod("sizeof").invoke(null));
        number("_Alignof(" + composite.spelling() + ")", layout.byteAlignment());
        members(composite, type, composite.spelling(), "", 0);
    }

    private void members(Declaration.Composite composite, Class<?> type, String spelling, String path, long start)
            throws ReflectiveOperationException {
        for (Declaration.Member member : composite.members()) {
            switch (member) {
                case Declaration.Anonymous anonymous -> members(anonymous.composite(), type, spelling, path, start);
                case Declaration.Field field -> {
                    long offset = start + (long) type.getMethod(field.name() + "$offset").invoke(null);
                    number("offsetof(" + spelling + ", " + path + field.name() + ")", offset);
                    CType element = field.type();
                    String indices = "";
                    while (element instanceof CType.Array array) {
                        element = array.element();
                        indices += "[0]";
                    }
                    if (element instanceof CType.ByValue byValue && byValue.composite().spelling().isEmpty()) {
                        String binaryName = packageName + "." + byValue.composite().javaName().replace('.', '$');
                        members(byValue.composite(), classes.loadClass(binaryName), spelling,
                                path + field.name() + indices + ".", offset);
                    }
                }
                case Declaration.BitField _ -> {
                }
            }
        }
    }

    private void number(String expression, long value) {
        names.add(expression);
        generated.add(value);
        program.append("    printf(\"%zu\\n\", (size_t) ").append(expression).append(");\n");
    }

    private void check(HeaderSet headers, Path folder) throws IOException, InterruptedException {
        List<Long> compiled = output(headers, program.toString(), folder).lines().map(Long::valueOf).toList();
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (!compiled.get(i).equals(generated.get(i))) {
                differences.add(names.get(i) + " is " + compiled.get(i) + " in C, " + generated.get(i) + " in Java");
            }
        }
        Assertions.assertEquals(List.of(), differences);
    }

    /** What a C program prints that includes the headers and has a given body. */
    static String output(HeaderSet headers, String body, Path folder) throws IOException, InterruptedException {
        StringBuilder source = new StringBuilder("#include <stddef.h>\n#include <stdio.h>\n");
        headers.headers().forEach(header -> source.append("#include \"").append(header).append("\"\n"));
        source.append("int main(void) {\n").append(body).append("    return 0;\n}\n");
        Path file = Files.writeString(folder.resolve("program.c"), source);
        Path binary = folder.resolve("program");
        List<String> arguments = new ArrayList<>(List.of("-o", binary.toString(), file.toString()));
        headers.vendorFolders().forEach(include -> arguments.add("-I" + include));
        headers.definitions().forEach(definition -> arguments.add("-D" + definition));
        Workbench.gcc(arguments);
        return Workbench.run(List.of(binary.toString()));
    }
}
