package dev.culebra.bindings;

import java.nio.file.Path;

/**
 * Where this user's files are that can be made again: copies of natives, compiled kernels, choices made by measuring. Deleting
 * them is safe.
 */
public final class UserCache {
    private UserCache() {}

    /**
     * A folder in the user's cache folder, which is {@code -Dculebra.cache}, or what the operating system provides for
     * caches. It need not exist yet.
     *
     * @param kind what is in it, such as {@code natives}
     */
    public static Path folder(String kind) {
        String configured = System.getProperty("culebra.cache", "");
        if (!configured.isEmpty()) {
            return Path.of(configured, kind);
        }
        Path home = Path.of(System.getProperty("user.home"));
        Path caches = switch (Platform.current().system()) {
            case LINUX -> variable("XDG_CACHE_HOME", home.resolve(".cache"));
            case MACOSX -> home.resolve("Library/Caches");
            case WINDOWS -> variable("LOCALAPPDATA", home.resolve("AppData/Local"));
        };
        return caches.resolve("culebra").resolve(kind);
    }

    private static Path variable(String name, Path otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : Path.of(value);
    }
}
