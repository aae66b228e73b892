package dev.culebra.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the machine it runs on. Where it is missing, the test is skipped with the reason, unless the
 * environment variable {@code CULEBRA_REQUIRE} lists the requirement: then it fails. Each reason
 * is printed once.
 */
public enum Requirement {
    /** Vendors' headers, libclang and a C compiler. */
    HEADERS("headers"),
    /** NVIDIA's libraries, as far as they need no GPU. */
    NVIDIA_LIBRARIES("nvidia-libs"),
    /** What stands in for a GPU and its driver: made with a C++ compiler. */
    STAND_IN("stand-in"),
    /** A GPU of NVIDIA with its driver. */
    GPU("gpu"),
    /** The project's sources, beside the compiled tests. */
    SOURCES("sources"),
    /** oneDNN. */
    CPU("cpu"),
    /** oneDNN on a processor where it trains in bfloat16: one with AVX-512. */
    CPU_BF16("cpu-bf16"),
    /** A Java from 8 to 24, in which the program looks for a newer one. */
    OLDER_JAVA("older-java"),
    /** Python with numpy. */
    NUMPY("numpy"),
    /** Python with tensorboard. */
    TENSORBOARD("tensorboard"),
    /** What Java draws with: its desktop module, and fonts. */
    FONTS("fonts"),
    /** {@code pdflatex}. */
    LATEX("latex"),
    /** The right to mount a small file system, to fill it. */
    SMALL_DISK("small-disk"),
    /** A user without root's rights, who may be refused a file. */
    UNPRIVILEGED("unprivileged"),
    /** The shell bash, which completes command lines. */
    BASH("bash"),
    /** The shell zsh, which does too. */
    ZSH("zsh"),
    /** The study's text, in a folder {@code shared/data} beside the project. */
    WIKITEXT("wikitext");

    private static final Set<String> PRINTED = ConcurrentHashMap.newKeySet();

    private final String name;

    Requirement(String name) {
        this.name = name;
    }

    /** What a backend needs in a precision ({@code bf16} and so on). */
    public static Requirement ofBackend(String device, String precision) {
        String wanted = switch (device) {
            case "cpu" -> precision.equals("bf16") ? CPU_BF16.name : CPU.name;
            case "cuda" -> STAND_IN.name;
            default -> device;
        };
        return Arrays.stream(values()).filter(requirement -> requirement.name.equals(wanted)).findFirst()
                .orElseThrow(() -> new AssertionError(device + " in " + precision + " is always there"));
    }

    /** A file of the module under test, by its path in the module's folder; without the sources the test ends. */
    public static Path source(String path) {
        Path file = Path.of(System.getProperty("basedir", "")).resolve(path);
        if (!Files.exists(file)) {
            SOURCES.missing("the tests run without the project's sources");
        }
        return file;
    }

    /** Ends the test that needs this. */
    public void missing(String reason) {
        if (isAmong(System.getenv().getOrDefault("CULEBRA_REQUIRE", ""))) {
            Assertions.fail("CULEBRA_REQUIRE names " + name + ", but " + reason);
        }
        if (PRINTED.add(reason)) {
            System.out.println("skipped for want of " + name + ": " + reason);
        }
        Assumptions.abort(reason);
    }

    /** Whether a list of names has this one. A name that means nothing would require nothing, and nobody would notice. */
    boolean isAmong(String list) {
        Set<String> names = new HashSet<>(Arrays.asList(list.split(",")));
        boolean among = names.contains(name);
        Arrays.stream(values()).forEach(known -> names.remove(known.name));
        names.remove("");
        if (!names.isEmpty()) {
            Assertions.fail("CULEBRA_REQUIRE names what is no requirement: " + String.join(", ", names));
        }
        return among;
    }
}
