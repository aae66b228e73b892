package dev.culebra.experiments.launcher;

import java.io.File;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The ahead-of-time cache that the build puts beside the jar: what Java loaded and linked then need not be again. It is named
 * after the jar and the version of the Java that made it, {@code experiments-25.0.3.aot}, and no other Java takes it.
 */
public final class StartUpCache {
    /** The options with which Java takes no such cache: it would not even start. */
    private static final Pattern OTHER_CACHE = Pattern
            .compile("-Xshare:.*|-XX:\\+?(AOT|Shared|ArchiveClassesAtExit|AutoCreateShared|DumpLoadedClassList).*");

    private StartUpCache() {}

    /** Where the cache of a jar for a version of Java is, if there is one. */
    public static File file(String jar, String version) {
        return new File(jar.replaceFirst("\\.jar$", "-" + version + ".aot"));
    }

    /**
     * The options with which Java uses the cache: none if there is no cache, or if {@code given} ask for another. If it does
     * not fit, because the jar or the Java is another one after all, Java leaves it aside without a word.
     *
     * @param version of the Java that is to use it
     * @param given the other options
     */
    public static List<String> options(String jar, String version, List<String> given) {
        for (String option : given) {
            if (OTHER_CACHE.matcher(option).matches()) {
                return Collections.emptyList();
            }
        }
        File cache = file(jar, version);
        return jar.endsWith(".jar") && cache.isFile()
                ? Arrays.asList("-Xlog:aot*=off,cds*=off", "-XX:AOTCache=" + cache)
                : Collections.<String>emptyList();
    }
}
