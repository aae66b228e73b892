package dev.culebra.tools.benchmarks.peers;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a user must download to train with DJL on this platform: its jars and those that they need, as the class path has them. */
final class Downloads {
    private static final Pattern OF_DJL = Pattern.compile(
            "(api|pytorch-engine|pytorch-jni|pytorch-native-cpu|jna|gson|commons-compress|commons-io|commons-codec"
                    + "|commons-lang3|slf4j-api|error_prone_annotations)-\\d.*\\.jar");

    private Downloads() {}

    /** The bytes of DJL's jars on a class path. */
    static long ofDjl(String classPath) {
        return ofDjl(Stream.of(classPath.split(File.pathSeparator)).map(Path::of).toList());
    }

    private static long ofDjl(List<Path> classPath) {
        return classPath.stream().filter(jar -> OF_DJL.matcher(jar.getFileName().toString()).matches())
                .mapToLong(jar -> jar.toFile().length()).sum();
    }
}
