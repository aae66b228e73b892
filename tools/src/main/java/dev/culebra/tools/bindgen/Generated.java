package dev.culebra.tools.bindgen;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

import dev.culebra.tools.bindgen.emit.JavaEmitter;
import dev.culebra.tools.bindgen.model.Declaration;

/**
 * What the passes make of one library, still in memory.
 *
 * @param spec the library's row in the table
 * @param selection what is bound and what is not
 * @param sources Java sources by file name
 */
record Generated(LibrarySpec spec, Selection selection, SortedMap<String, String> sources) {

    /** Parses, selects and emits. */
    static Generated from(LibrarySpec spec, Toolchain toolchain, VendorFiles files) throws IOException {
        HeaderSet headers = HeaderSet.of(spec.origin(), files, toolchain);
        List<Declaration> declarations = HeaderParser.parse(toolchain.clang(), headers);
        Selection selection = Selection.of(spec, declarations, Exports.of(files));
        return new Generated(spec, selection, JavaEmitter.emit(spec, selection.bound()));
    }

    /** The folder of the sources inside a checkout of the project. */
    Path folder(Path root) {
        return root.resolve("bindings/src/main/java").resolve(spec.target().packageName().replace('.', '/'));
    }
}
