package dev.culebra.experiments.data;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.culebra.testing.Requirement;

/** The study's own data, where it is at hand: a folder {@code shared/data} beside the project, which does not ship it. */
public final class StudyData {
    private StudyData() {}

    /** A folder of it, or the end of the test. */
    public static Path folder(String name) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path candidate = folder.resolve("shared/data").resolve(name);
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        Requirement.WIKITEXT.missing("there is no folder shared/data/" + name + " beside the project");
        throw new AssertionError("unreachable");
    }
}
