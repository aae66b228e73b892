package dev.culebra.experiments.files;

import java.nio.file.Path;

import dev.culebra.bindings.UserCache;

/** Where downloads are kept. */
public final class DownloadFolder {
    /** What is GPT-1's. */
    public static final String GPT1 = "gpt-1";

    private DownloadFolder() {}

    /** The folder of a kind of them in the user's cache, which need not be there. */
    public static Path of(String kind) {
        return UserCache.folder("downloads").resolve(kind);
    }
}
