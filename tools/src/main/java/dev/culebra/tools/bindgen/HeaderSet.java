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
 */
record HeaderSet(List<Path> vendorFolders, List<Path> systemFolders, List<String> headers) {

    /** Whether a file is one of the library's own headers. */
    boolean owns(String file) {
        return vendorFolders.stream().anyMatch(folder -> Path.of(file).startsWith(folder));
    }

    /** Parses a C source that includes the headers and goes on with {@code rest}. */
    TranslationUnit parse(LibClang clang, String rest) {
        List<String> arguments = new ArrayList<>(List.of("-xc", "-std=gnu17", "-ferror-limit=0"));
        vendorFolders.forEach(folder -> arguments.add("-I" + folder));
        systemFolders.forEach(folder -> arguments.add("-isystem" + folder));
        String includes = headers.stream().map(header -> "#include \"" + header + "\"\n")
                .collect(Collectors.joining());
        return new TranslationUnit(clang, arguments, "bindgen.c", includes + rest);
    }
}
