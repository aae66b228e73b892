package dev.culebra.runtime.nvrtc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.culebra.bindings.UserCache;

/**
 * Compiles each kernel once: images are kept in memory and in a folder on disk, where later processes find them.
 *
 * <p>An image is found again only for the same source, headers, options and architecture, and the same build of NVRTC (its
 * version, and its files with their sizes and times). One that depends on files, because the source includes what is not
 * among its headers or the options name paths, is compiled each time. A file in the folder holds its own checksum: a damaged
 * one is compiled again. It appears whole or not at all, written beside and renamed, so any number of processes may share the
 * folder; at worst two of them compile the same. Where the folder cannot be written, kernels are compiled for this process
 * alone, and {@link #statistics} says so.
 *
 * <p>What was not used for longest goes when the folder outgrows its limit; {@link #clear}, or deleting the folder, removes
 * everything. Safe for use by several threads.
 */
public final class KernelCache {
    private static final long DEFAULT_LIMIT = 512L << 20;
    private static final String SUFFIX = ".kernel";
    private static final String PARTIAL = ".partial";
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path folder;
    private final long limit;
    private final Map<String, CompiledImage> memory = new ConcurrentHashMap<>();
    private final AtomicInteger fromDisk = new AtomicInteger();
    private final AtomicInteger compiled = new AtomicInteger();
    private final AtomicInteger damaged = new AtomicInteger();
    private volatile String compiler = "";
    private volatile Optional<String> unwritable = Optional.empty();

    /**
     * A cache in a folder.
     *
     * @param folder made when needed
     * @param limit how many bytes the files in it may take together
     */
    public KernelCache(Path folder, long limit) {
        this.folder = folder;
        this.limit = limit;
    }

    /** The user's cache: the folder {@code kernels} in the user's cache folder ({@link UserCache}), at most 512 MiB. */
    public static KernelCache ofUser() {
        return new KernelCache(UserCache.folder("kernels"), DEFAULT_LIMIT);
    }

    /**
     * The compiled source, from memory, from disk, or from the compiler.
     *
     * @throws NvrtcException with the compiler's log, if the source has errors
     */
    public CompiledImage compile(KernelSource source, CompileOptions options) {
        if (!source.isSelfContained() || options.readsFiles()) {
            return compileAnew(source, options);
        }
        String key = CacheEntry.key(source, options, compiler());
        return memory.computeIfAbsent(key, missing -> read(key).orElseGet(() -> {
            CompiledImage image = compileAnew(source, options);
            write(key, image);
            return image;
        }));
    }

    /** Where the images came from so far, less those that were in memory. */
    public Statistics statistics() {
        return new Statistics(fromDisk.get(), compiled.get(), damaged.get(), unwritable);
    }

    /**
     * Forgets everything, in memory and on disk. Other processes compile again what they need.
     *
     * @throws UncheckedIOException if a file cannot be deleted
     */
    public void clear() {
        memory.clear();
        try {
            for (Path file : files()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String compiler() {
        if (compiler.isEmpty()) {
            compiler = Nvrtc.build();
        }
        return compiler;
    }

    private CompiledImage compileAnew(KernelSource source, CompileOptions options) {
        compiled.incrementAndGet();
        return Program.compile(source, options);
    }

    private Optional<CompiledImage> read(String key) {
        Path file = folder.resolve(key + SUFFIX);
        try {
            if (Files.size(file) > limit) {
                throw new IOException("larger than all files together may be");
            }
            CompiledImage image = CacheEntry.decode(key, Files.readAllBytes(file));
            fromDisk.incrementAndGet();
            markUsed(file);
            return Optional.of(image);
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException unreadable) {
            damaged.incrementAndGet();
            return Optional.empty();
        }
    }

    private static void markUsed(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (IOException readOnly) {
            // It only goes sooner, and in a folder that cannot be written nothing goes.
        }
    }

    private void write(String key, CompiledImage image) {
        try {
            Files.createDirectories(folder);
            Path partial = Files.createTempFile(folder, key, PARTIAL);
            try {
                Files.write(partial, CacheEntry.encode(key, image));
                Files.move(partial, folder.resolve(key + SUFFIX), StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(partial);
            }
            trim();
        } catch (IOException failure) {
            unwritable = Optional.of(failure.toString());
        }
    }

    /** Deletes what was not used for longest until the rest keeps the limit, and what dead processes left half written. */
    private void trim() throws IOException {
        Instant now = Instant.now();
        long total = 0;
        for (Path file : files().stream().sorted(Comparator.comparing(KernelCache::used).reversed()).toList()) {
            boolean partial = file.toString().endsWith(PARTIAL);
            total += partial ? 0 : file.toFile().length();
            if (partial ? used(file).isBefore(now.minus(ABANDONED)) : total > limit) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** When a file was last used; long ago if another process has just deleted it. */
    private static Instant used(Path file) {
        return Instant.ofEpochMilli(file.toFile().lastModified());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> Stream.of(SUFFIX, PARTIAL).anyMatch(file.toString()::endsWith)).toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (UncheckedIOException whileListing) {
            throw whileListing.getCause();
        }
    }

    /**
     * Where images came from.
     *
     * @param fromDisk how many lay in the folder
     * @param compiled how many were compiled
     * @param damaged how many files were there but not readable or not whole, and were compiled again
     * @param unwritable why the folder could not be written the last time this failed, if it did
     */
    public record Statistics(int fromDisk, int compiled, int damaged, Optional<String> unwritable) {}
}
