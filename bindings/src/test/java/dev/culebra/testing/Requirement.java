package dev.culebra.testing;

import java.util.Arrays;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the machine it runs on. Where it is missing, the test is skipped with the reason, unless the
 * environment variable {@code CULEBRA_REQUIRE} lists the requirement: then it fails.
 */
public enum Requirement {
    /** Vendors' headers, libclang and a C compiler. */
    HEADERS("headers"),
    /** NVIDIA's libraries, as far as they need no GPU. */
    NVIDIA_LIBRARIES("nvidia-libs"),
    /** A C++ compiler for kernels that run on the host. */
    HOST_KERNELS("host-kernels"),
    /** The stand-in for a GPU. */
    STAND_IN("stand-in"),
    /** oneDNN. */
    CPU("cpu"),
    /** A Java from 8 to 24, in which the program looks for a newer one. */
    OLDER_JAVA("older-java"),
    /** Python with numpy. */
    NUMPY("numpy"),
    /** The right to mount a small file system, to fill it. */
    SMALL_DISK("small-disk"),
    /** The study's text, in a folder {@code shared/data} beside the project. */
    WIKITEXT("wikitext");

    private final String name;

    Requirement(String name) {
        this.name = name;
    }

    /** Ends the test that needs this. */
    public void missing(String reason) {
        String required = System.getenv().getOrDefault("CULEBRA_REQUIRE", "");
        if (Arrays.asList(required.split(",")).contains(name)) {
            Assertions.fail("CULEBRA_REQUIRE names " + name + ", but " + reason);
        }
        System.out.println("skipped for want of " + name + ": " + reason);
        Assumptions.abort(reason);
    }
}
