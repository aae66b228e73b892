package dev.culebra.experiments.launcher;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** A Java runtime on this machine: its home folder, and its version from the {@code release} file there. */
final class JavaInstallation implements Comparable<JavaInstallation> {
    private final File home;
    private final JavaVersion version;

    private JavaInstallation(File home, JavaVersion version) {
        this.home = home;
        this.version = version;
    }

    /** The installation in a folder (or, as on macOS, in its {@code Contents/Home}), or null if there is none. */
    static JavaInstallation in(File folder) {
        JavaInstallation installation = at(folder);
        return installation != null ? installation : at(new File(folder, "Contents/Home"));
    }

    private static JavaInstallation at(File home) {
        JavaInstallation installation = new JavaInstallation(home, releaseOf(home));
        return installation.version != null && installation.executable().canExecute() ? installation : null;
    }

    private static JavaVersion releaseOf(File home) {
        Properties release = new Properties();
        try (InputStream stream = new FileInputStream(new File(home, "release"))) {
            release.load(stream);
        } catch (IOException e) {
            return null;
        } catch (IllegalArgumentException e) {
            return null;
        }
        return JavaVersion.parse(release.getProperty("JAVA_VERSION", "").replace("\"", ""));
    }

    File home() {
        return home;
    }

    JavaVersion version() {
        return version;
    }

    /** The program {@code java}. */
    File executable() {
        return new File(home, File.separatorChar == '\\' ? "bin/java.exe" : "bin/java");
    }

    @Override
    public int compareTo(JavaInstallation other) {
        return version.compareTo(other.version);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JavaInstallation && home.equals(((JavaInstallation) other).home);
    }

    @Override
    public int hashCode() {
        return home.hashCode();
    }

    @Override
    public String toString() {
        return "Java " + version + " in " + home;
    }
}
