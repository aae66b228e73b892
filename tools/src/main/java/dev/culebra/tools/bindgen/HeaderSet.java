package dev.culebra.tools.bindgen;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.culebra.tools.bindgen.clang.LibClang;
import dev.culebra.tools.bindgen.clang.TranslationUnit;

/**
 * The headers of one library and how to compile a source that includes them.
 *
 * @param vendorFolders the folders with the library's own headers: only what these declare is bound
 * @param systemFolders the folders with the headers of the compiler and the C library
 * @param headers the headers to include, relative to a vendor folder
 * @param definitions macros to define before
 */
record HeaderSet(List<Path> vendorFolders, List<Path> systemFolders, List<String> headers,
        List<String> definitions) {

    /** The headers of a library among the files of its vendor. */
    static HeaderSet of(Origin origin, VendorFiles files, Toolchain toolchain) {
        return new HeaderSet(files.includeFolders(), toolchain.systemFolders(), origin.headers(), origin.definitions());
    }

    /** Whether a file is one of the library's own headers. */
    boolean owns(String file) {
        return vendorFolders.stream().anyMatch(folder -> Path.of(file).startsWith(folder));
    }

    /** Parses a C source that includes the headers and goes on with {@code rest}. */
    TranslationUnit parse(LibClang clang, String rest) {
        List<String> arguments = new ArrayList<>(List.of("-xc", "-std=gnu17", "-ferror-limit=0"));
        vendorFolders.forEach(folder -> arguments.add("-I" + folder));
        systemFolders.forEach(folder -> arguments.add("-isystem" + folder));
        definitions.forEach(definition -> arguments.add("-D" + definition));
        String includes = headers.stream().map(header -> "#include \"" + header + "\"\n")
                .collect(Collectors.joining());
        return new TranslationUnit(clang, arguments, "bindgen.c", includes + rest);
    }
}
