package dev.culebra.bindings;

import java.util.List;
import java.util.Map;

/**
 * How a native library is called and where it may be.
 *
 * @param key its name in properties and environment variables, for example {@code onednn}
 * @param title its name in messages, for example {@code oneDNN}
 * @param fileNames its file names on each system; the first is of the version that the bindings were made for, the others
 *            are taken where the first is nowhere
 * @param sources where to look, in this order, unless a {@linkplain ConfiguredPath path is configured}
 * @param install the command that installs it
 */
public record LibraryDescription(String key, String title, Map<Platform.System, List<LibraryFileName>> fileNames,
        List<LibrarySource> sources, String install) {

    /** Its file names on a system, none where it does not exist. */
    public List<LibraryFileName> fileNames(Platform platform) {
        return fileNames.getOrDefault(platform.system(), List.of());
    }
}
