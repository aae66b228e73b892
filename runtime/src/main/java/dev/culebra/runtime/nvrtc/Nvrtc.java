package dev.culebra.runtime.nvrtc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.nvrtc.nvrtc;

/** The one place where NVRTC's status codes are checked, and what the library says of itself. */
public final class Nvrtc {
    private Nvrtc() {}

    /**
     * Throws unless the status is success.
     *
     * @param function the C function that returned it
     * @throws NvrtcException for everything but success
     */
    public static void check(String function, int status) {
        if (status != nvrtc.NVRTC_SUCCESS) {
            throw new NvrtcException(function, status, name(status));
        }
    }

    /** The library's version, such as {@code 13.0}. */
    public static String version() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment version = arena.allocate(ValueLayout.JAVA_INT, 2);
            check("nvrtcVersion", nvrtc.nvrtcVersion(version, version.asSlice(Integer.BYTES)));
            return version.getAtIndex(ValueLayout.JAVA_INT, 0) + "." + version.getAtIndex(ValueLayout.JAVA_INT, 1);
        }
    }

    /** What it can compile for, such as {@code sm_80}, in ascending order. Those with {@code a} and {@code f} come on top. */
    public static List<String> supportedArchitectures() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            check("nvrtcGetNumSupportedArchs", nvrtc.nvrtcGetNumSupportedArchs(count));
            MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, count.get(ValueLayout.JAVA_INT, 0));
            check("nvrtcGetSupportedArchs", nvrtc.nvrtcGetSupportedArchs(numbers));
            return IntStream.of(numbers.toArray(ValueLayout.JAVA_INT)).sorted().mapToObj(number -> "sm_" + number)
                    .toList();
        }
    }

    /**
     * What tells this build of the compiler from another of the same version: the names, sizes and times of its files.
     * Where they are unknown, what it says of its build, which takes it longer than looking at files.
     */
    static String build() {
        return build(NativeLibraries.NVRTC.load().path());
    }

    /** @param file the compiler's file, if it is known */
    static String build(Optional<Path> file) {
        if (file.isEmpty()) {
            String ptx = new String(Program.compile(new KernelSource("build.cu", ""),
                    CompileOptions.of(supportedArchitectures().getFirst()).as(ImageKind.PTX)).bytes(),
                    StandardCharsets.UTF_8);
            return ptx.lines().filter(line -> line.startsWith("// ")).collect(Collectors.joining(" "));
        }
        try (Stream<Path> beside = Files.list(file.get().toRealPath().getParent())) {
            StringBuilder build = new StringBuilder(version());
            for (Path part : beside.filter(path -> path.getFileName().toString().contains("nvrtc")).sorted().toList()) {
                BasicFileAttributes attributes = Files.readAttributes(part, BasicFileAttributes.class);
                build.append(" ").append(part.getFileName()).append(" ").append(attributes.size()).append(" ")
                        .append(attributes.lastModifiedTime());
            }
            return build.toString();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The vendor's name of a status. */
    static String name(int status) {
        String name = Native.string(nvrtc.nvrtcGetErrorString(status));
        return name.isEmpty() ? "unknown status" : name;
    }
}
