package sample;

import dev.culebra.bindings.LibraryDescription;
import dev.culebra.bindings.NativeLibrary;
import java.util.List;
import java.util.Map;

/** The library that the generated classes call; its path is in the property {@code culebra.sample.path}. */
final class SampleLibrary {
    static final NativeLibrary SAMPLE = new NativeLibrary(new LibraryDescription("sample", "Sample", Map.of(),
            List.of(), "gcc -shared sample.c"));

    private SampleLibrary() {
    }
}
