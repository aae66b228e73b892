package dev.culebra.bindings;

import java.util.List;
import java.util.Map;

/**
 * How a native library is called and where it may be.
 *
 * @param key its name in properties and environment variables, for example {@code onednn}
 * @param title its name in messages, for example {@code oneDNN}
 * @param fileNames its file names on each system, the preferred one first
 * @param companions the file names of libraries that come with it and are loaded before it, where they are present
 * @param sources where to look, in this order
 * @param install the command that installs it
 */
public record LibraryDescription(String key, String title, Map<Platform.System, List<String>> fileNames,
        Map<Platform.System, List<String>> companions, List<LibrarySource> sources, String install) {

    /** Its file names on this system, none where it does not exist. */
    public List<String> fileNamesHere() {
        return fileNames.getOrDefault(Platform.current().system(), List.of());
    }

    /** The file names of its companions on this system. */
    public List<String> companionsHere() {
        return companions.getOrDefault(Platform.current().system(), List.of());
    }
}
