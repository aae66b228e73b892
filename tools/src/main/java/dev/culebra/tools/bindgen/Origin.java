package dev.culebra.tools.bindgen;

import java.util.List;

/**
 * Where a library's headers, and the library itself, come from. Headers of our own, in {@value #OWN_HEADERS}, may be
 * among them.
 *
 * @param place what holds the files
 * @param library the file of the library whose functions are called; a path inside the place, or a mere name if it
 *     comes with the driver of a GPU: what such a library exports is not known where the bindings are generated
 * @param parts other libraries that the library itself loads and that declare the same interface; paths likewise
 * @param includes the folders with headers, inside the place: what they declare may be bound
 * @param headers the headers to read, relative to one of these
 * @param definitions macros to define first, for example {@code NVTX_NO_IMPL}
 */
public record Origin(Place place, String library, List<String> parts, List<String> includes, List<String> headers,
        List<String> definitions) {
    /** The folder of this project with headers of our own: what no vendor's header says, or says to C++ only. */
    static final String OWN_HEADERS = "tools/bindgen/headers";

    /** Headers and library in a jar of the class path, whose folder {@code include} holds the headers. */
    public static Origin ofJar(String folder, String library, List<String> headers) {
        return new Origin(new Jar(folder), library, List.of(), List.of("include"), headers, List.of());
    }

    /** Whether the library comes with the driver of a GPU. */
    boolean isOfDriver() {
        return !(place instanceof Jar) && !library.contains("/");
    }

    /** The file name of the library. */
    String libraryName() {
        return library.substring(library.lastIndexOf('/') + 1);
    }

    /** What holds headers and libraries. */
    public sealed interface Place {}

    /**
     * A jar on the class path.
     *
     * @param folder the folder in the jar that all paths are relative to
     */
    public record Jar(String folder) implements Place {}

    /**
     * Packages of pip; paths are relative to the folder {@code site-packages}.
     *
     * @param distributions names and versions, for example {@code nvidia_cublas-13.1.1.3}: another version declares
     *     other things, so it will not do
     */
    public record Wheels(List<String> distributions) implements Place {}

    /** Nothing but headers of our own. */
    public record OwnHeaders() implements Place {}
}
