package dev.culebra.bindings;

import java.util.List;
import java.util.Map;

/** The native libraries that have bindings here. */
public final class NativeLibraries {
    /**
     * oneDNN. Found by {@code -Dculebra.onednn.path} or {@code CULEBRA_ONEDNN_PATH} (a file or a folder), in the Maven
     * artifact {@code org.bytedeco:dnnl}, or by the dynamic linker. The artifact comes before the linker, because a
     * library that happens to be installed has any version.
     */
    public static final NativeLibrary ONEDNN = new NativeLibrary(new LibraryDescription("onednn", "oneDNN",
            Map.of(Platform.System.LINUX, List.of("libdnnl.so.3"), Platform.System.MACOSX, List.of("libdnnl.3.dylib"),
                    Platform.System.WINDOWS, List.of("dnnl.dll")),
            Map.of(Platform.System.LINUX, List.of("libgomp.so.1"), Platform.System.MACOSX,
                    List.of("libomp.dylib", "libiomp5.dylib")),
            List.of(new ConfiguredPath(), new MavenNatives("org/bytedeco/dnnl"), new DynamicLinker()),
            "mvn dependency:get -Dartifact=org.bytedeco:dnnl:3.13-1.5.14:jar:" + Platform.current()
                    + " and put the jar on the class path"));

    private NativeLibraries() {}
}
