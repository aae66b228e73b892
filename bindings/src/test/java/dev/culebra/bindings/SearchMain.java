package dev.culebra.bindings;

import java.lang.foreign.FunctionDescriptor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks for libraries on a {@link MadeMachine}, in a process of its own, and prints what came of it. */
final class SearchMain {
    private static final Map<String, NativeLibrary> LIBRARIES = Stream
            .of(NativeLibraries.CUDA, NativeLibraries.CUBLAS_LT, NativeLibraries.CUBLAS, NativeLibraries.NVRTC,
                    NativeLibraries.CUDNN, NativeLibraries.NCCL, NativeLibraries.NVML, NativeLibraries.NVTX)
            .collect(Collectors.toMap(library -> library.description().key(), library -> library));

    private SearchMain() {}

    /** The root of the machine, and the keys of the libraries in the order in which they are looked for. */
    public static void main(String[] arguments) throws Throwable {
        Map<String, String> properties = new HashMap<>();
        System.getProperties().stringPropertyNames().forEach(name -> properties.put(name, System.getProperty(name)));
        Surroundings surroundings = new Surroundings(Platform.current(), System.getenv(), properties,
                Path.of(arguments[0]));
        Map<String, NativeLibrary> here = new HashMap<>();
        for (String key : List.of(arguments).subList(1, arguments.length)) {
            print(library(key, surroundings, here));
        }
    }

    private static NativeLibrary library(String key, Surroundings surroundings, Map<String, NativeLibrary> here) {
        if (!here.containsKey(key)) {
            NativeLibrary[] needed = key.equals("cudnn")
                    ? new NativeLibrary[] {library("cublaslt", surroundings, here),
                        library("nvrtc", surroundings, here)}
                    : new NativeLibrary[0];
            here.put(key, new NativeLibrary(LIBRARIES.get(key).description(), () -> surroundings, needed));
        }
        return here.get(key);
    }

    /** One line for a library that was found, with what its function {@code made} returns, else the whole message. */
    private static void print(NativeLibrary library) throws Throwable {
        try {
            String found = library.load().toString();
            int value = (int) library.function("made", FunctionDescriptor.of(Native.C_INT)).invokeExact();
            System.out.println(value + " = " + found);
        } catch (MissingLibraryException missing) {
            System.out.println(missing.getMessage());
        }
    }
}
