package dev.culebra.runtime.standin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The machine's C++ compiler, making shared libraries that stay in a folder under names made of what they were made
 * from: the same sources are compiled once.
 */
final class HostCompiler {
    private static final long LIMIT_SECONDS = 300;

    private final Path folder;

    HostCompiler(Path folder) {
        this.folder = folder;
    }

    /** Why there is nothing to compile with, if so. */
    static Optional<String> missing() {
        try {
            Process process = new ProcessBuilder("g++", "--version").redirectErrorStream(true).start();
            process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            return process.waitFor() == 0 ? Optional.empty() : Optional.of("g++ does not run");
        } catch (IOException absent) {
            return Optional.of("there is no g++");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /**
     * A shared library of the sources, made unless it is there.
     *
     * @param name how its file name begins
     * @param sources C++ files
     * @param others files that the sources include
     * @param options for the compiler
     * @param libraries that it calls, which are loaded with it
     * @throws CompilationException with what the compiler says
     */
    Path library(String name, List<Path> sources, List<Path> others, List<String> options, List<Path> libraries) {
        try {
            List<String> arguments = Stream.concat(options.stream(), libraries.stream().map(Path::toString)).toList();
            Path made = folder.resolve(name + "-" + hash(sources, others, arguments) + ".so");
            if (!Files.exists(made)) {
                Files.createDirectories(folder);
                Path work = Files.createTempDirectory(folder, name);
                try {
                    move(build(work, sources, options, libraries), made);
                } finally {
                    delete(work);
                }
            }
            return made;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Each source on its own, as many at a time as there are processors, then all together. */
    private static Path build(Path work, List<Path> sources, List<String> options, List<Path> libraries) {
        List<Path> objects = sources.stream().parallel().map(source -> {
            Path object = work.resolve(source.getFileName() + ".o");
            List<String> command = new ArrayList<>(List.of("g++", "-std=c++17", "-fPIC", "-c"));
            command.addAll(options);
            command.addAll(List.of(source.toString(), "-o", object.toString()));
            run(command);
            return object;
        }).toList();
        Path library = work.resolve("library.so");
        List<String> command = new ArrayList<>(List.of("g++", "-shared", "-pthread", "-o", library.toString()));
        Stream.concat(objects.stream(), libraries.stream()).forEach(file -> command.add(file.toString()));
        command.add("-ldl");
        run(command);
        return library;
    }

    private static void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new CompilationException(String.join(" ", command) + "\n" + output);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static String hash(List<Path> sources, List<Path> others, List<String> options) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : Stream.concat(sources.stream(), others.stream()).toList()) {
                digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
            digest.update(String.join("\n", options).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, 12);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Whole or not at all: another process may make or load the same file. */
    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException | FileAlreadyExistsException other) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
