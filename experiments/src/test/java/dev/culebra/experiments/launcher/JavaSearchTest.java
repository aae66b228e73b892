package dev.culebra.experiments.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Looks for Java in made-up folders, never at what this machine has. */
class JavaSearchTest {
    @TempDir
    Path folder;

    private Path installation(String name, String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve(name));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        Path java = Files.createDirectories(home.resolve("bin"))
                .resolve(File.separatorChar == '\\' ? "java.exe" : "java");
        Files.writeString(java, "");
        assertTrue(java.toFile().setExecutable(true));
        return home;
    }

    private JavaSearch search(Map<String, String> environment) {
        return new JavaSearch(environment, folder.resolve("home").toString(), List.of(folder.resolve("jvm").toString(),
                "~/.jdks"));
    }

    @Test
    void theNewestInstallationWins() throws IOException {
        installation("jvm/java-17", "17.0.15");
        installation("jvm/java-25", "25.0.3");
        installation("home/.jdks/newer", "25.0.10");
        installation("jvm/ancient", "1.8.0_392");
        assertEquals(folder.resolve("home/.jdks/newer").toFile(), search(Map.of()).find(25).home());
    }

    @Test
    void javaHomeIsPreferredIfNewEnough() throws IOException {
        installation("jvm/java-26", "26");
        Path home = installation("mine", "25");
        assertEquals(home.toFile(), search(Map.of("JAVA_HOME", home.toString())).find(25).home());
        Path old = installation("old", "21.0.2");
        assertEquals("26", search(Map.of("JAVA_HOME", old.toString())).find(25).version().toString());
    }

    @Test
    void whatTheUserNamesIsTakenOrRefused() throws IOException {
        installation("jvm/java-26", "26");
        Path named = installation("named", "25.0.1");
        assertEquals(named.toFile(), search(Map.of("CULEBRA_JAVA", named.toString())).find(25).home());
        Path java = named.toRealPath().resolve("bin").resolve(File.separatorChar == '\\' ? "java.exe" : "java");
        assertEquals(named.toRealPath().toFile(), search(Map.of("CULEBRA_JAVA", java.toString())).find(25).home());
        assertNull(search(Map.of("CULEBRA_JAVA", folder.resolve("nowhere").toString())).find(25));
        assertNull(search(Map.of("CULEBRA_JAVA", installation("old", "17").toString())).find(25));
        assertNotNull(search(Map.of("CULEBRA_JAVA", " ")).find(25));
    }

    @Test
    void pathVariablesAndToolchainsAreSearched() throws IOException {
        Path onPath = installation("path", "25");
        assertEquals(onPath.toRealPath().toFile(),
                search(Map.of("PATH", folder + File.pathSeparator + onPath.resolve("bin"))).find(25).home());
        Path variable = installation("variable", "25.1");
        assertEquals(variable.toFile(), search(Map.of("JAVA_HOME_25_X64", variable.toString())).find(25).home());

        Path toolchain = installation("toolchain", "25.2");
        Files.createDirectories(folder.resolve("home/.m2"));
        Files.writeString(folder.resolve("home/.m2/toolchains.xml"),
                "<toolchains><configuration>\n<jdkHome> " + toolchain + " </jdkHome></configuration></toolchains>");
        assertEquals(toolchain.toFile(), search(Map.of()).find(25).home());
    }

    @Test
    void macFoldersAreEntered() throws IOException {
        installation("jvm/temurin.jdk/Contents/Home", "25");
        assertEquals(folder.resolve("jvm/temurin.jdk/Contents/Home").toFile(), search(Map.of()).find(25).home());
    }

    @Test
    void oldAndBrokenInstallationsAreNone() throws IOException {
        installation("jvm/java-24", "24.0.2");
        Files.createDirectories(folder.resolve("jvm/empty"));
        Files.writeString(Files.createDirectories(folder.resolve("jvm/no-program")).resolve("release"),
                "JAVA_VERSION=\"25\"");
        installation("jvm/strange", "strange");
        assertNull(search(Map.of()).find(25));
    }

    @ParameterizedTest
    @CsvSource({"1.8.0_392, 8", "1.8, 8", "17.0.15, 17", "25, 25", "25-ea, 25", "25.0.3+9-LTS, 25"})
    void versionsHaveAFeatureNumber(String text, int feature) {
        assertEquals(feature, JavaVersion.parse(text).feature());
    }

    @ParameterizedTest
    @CsvSource({"25, 25.0.1, -1", "25.0.10, 25.0.9, 1", "1.8.0_392, 9, -1", "25, 25.0.0, 0"})
    void versionsCompareNumberByNumber(String left, String right, int sign) {
        assertEquals(sign, Integer.signum(JavaVersion.parse(left).compareTo(JavaVersion.parse(right))));
    }
}
