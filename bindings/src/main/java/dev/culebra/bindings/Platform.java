package dev.culebra.bindings;

import java.util.Locale;

/**
 * An operating system and a processor.
 *
 * @param system the operating system
 * @param processor {@code x86_64}, {@code arm64}, or what the JVM calls any other
 */
public record Platform(System system, String processor) {

    /** The operating systems that native libraries have names for. */
    public enum System {
        /** Linux. */
        LINUX,
        /** macOS. */
        MACOSX,
        /** Windows. */
        WINDOWS
    }

    /** The platform this JVM runs on. */
    public static Platform current() {
        String name = java.lang.System.getProperty("os.name").toLowerCase(Locale.ROOT);
        System system = name.startsWith("windows")
                ? System.WINDOWS
                : name.startsWith("mac") ? System.MACOSX : System.LINUX;
        String processor = java.lang.System.getProperty("os.arch");
        return new Platform(system, switch (processor) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "arm64";
            default -> processor;
        });
    }

    /** The name in Maven classifiers, for example {@code linux-x86_64}. */
    @Override
    public String toString() {
        return system.name().toLowerCase(Locale.ROOT) + "-" + processor;
    }
}
