package dev.culebra.experiments.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for Java installations where people and package managers put them. What {@code CULEBRA_JAVA} names is taken or
 * refused; otherwise {@code JAVA_HOME} is preferred if it is new enough, and else the newest of all is taken.
 */
final class JavaSearch {
    static final String EXPLICIT = "CULEBRA_JAVA";

    /** Folders that hold one installation each; {@code ~} is the user's home. */
    private static final String[] FOLDERS_OF_INSTALLATIONS = {"/usr/lib/jvm", "/usr/lib64/jvm", "/usr/java", "/opt",
        "/opt/java", "/opt/homebrew/opt", "/usr/local/opt", "/usr/local", "/Library/Java/JavaVirtualMachines",
        "~/Library/Java/JavaVirtualMachines", "~/.sdkman/candidates/java", "~/.jdks", "~/.gradle/jdks",
        "~/.jabba/jdk", "~/.asdf/installs/java", "~/.local/share/mise/installs/java", "C:/Program Files/Java",
        "C:/Program Files/Eclipse Adoptium", "C:/Program Files/Microsoft", "C:/Program Files/Zulu",
        "C:/Program Files/Amazon Corretto", "C:/Program Files/BellSoft"};
    private static final Pattern TOOLCHAIN = Pattern.compile("<jdkHome>\\s*([^<]*?)\\s*</jdkHome>");

    private final Map<String, String> environment;
    private final String userHome;
    private final List<String> foldersOfInstallations;

    JavaSearch(Map<String, String> environment, String userHome) {
        this(environment, userHome, Arrays.asList(FOLDERS_OF_INSTALLATIONS));
    }

    JavaSearch(Map<String, String> environment, String userHome, List<String> foldersOfInstallations) {
        this.environment = environment;
        this.userHome = userHome;
        this.foldersOfInstallations = foldersOfInstallations;
    }

    /** What {@code CULEBRA_JAVA} says, or null if it says nothing. */
    String explicit() {
        String named = environment.get(EXPLICIT);
        return named == null || named.trim().isEmpty() ? null : named.trim();
    }

    /** An installation of at least version {@code feature}, or null if there is none. */
    JavaInstallation find(int feature) {
        if (explicit() != null) {
            return newEnough(explicitInstallation(), feature);
        }
        JavaInstallation preferred = environment.containsKey("JAVA_HOME")
                ? newEnough(JavaInstallation.in(new File(environment.get("JAVA_HOME"))), feature)
                : null;
        if (preferred != null) {
            return preferred;
        }
        List<JavaInstallation> installations = new ArrayList<JavaInstallation>();
        for (File folder : candidates()) {
            JavaInstallation installation = JavaInstallation.in(folder);
            if (newEnough(installation, feature) != null) {
                installations.add(installation);
            }
        }
        return installations.isEmpty() ? null : Collections.max(installations);
    }

    /** The variable may name a home or the program {@code java} in it. */
    private JavaInstallation explicitInstallation() {
        File named = new File(explicit());
        JavaInstallation installation = JavaInstallation.in(named);
        return installation != null || !named.isFile() ? installation : JavaInstallation.in(homeOf(named));
    }

    private static File homeOf(File executable) {
        File resolved = executable;
        try {
            resolved = executable.getCanonicalFile();
        } catch (IOException e) {
            // The path as given is then as good as it gets.
        }
        File bin = resolved.getParentFile();
        return bin == null || bin.getParentFile() == null ? resolved : bin.getParentFile();
    }

    private static JavaInstallation newEnough(JavaInstallation installation, int feature) {
        return installation != null && installation.version().feature() >= feature ? installation : null;
    }

    private List<File> candidates() {
        List<File> candidates = new ArrayList<File>();
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            if (variable.getKey().startsWith("JAVA_HOME") || variable.getKey().startsWith("JDK")) {
                candidates.add(new File(variable.getValue()));
            }
        }
        for (String parent : foldersOfInstallations) {
            File[] children = new File(parent.replaceFirst("^~", Matcher.quoteReplacement(userHome))).listFiles();
            if (children != null) {
                candidates.addAll(Arrays.asList(children));
            }
        }
        candidates.addAll(toolchains());
        String path = environment.containsKey("PATH") ? environment.get("PATH") : "";
        for (String folder : path.split(Pattern.quote(File.pathSeparator))) {
            File executable = new File(folder, File.separatorChar == '\\' ? "java.exe" : "java");
            if (executable.isFile()) {
                candidates.add(homeOf(executable));
            }
        }
        return candidates;
    }

    /** The homes that Maven's {@code toolchains.xml} names. */
    private List<File> toolchains() {
        List<File> homes = new ArrayList<File>();
        File toolchains = new File(userHome, ".m2/toolchains.xml");
        if (toolchains.isFile()) {
            try {
                String xml = new String(Files.readAllBytes(toolchains.toPath()), StandardCharsets.UTF_8);
                for (Matcher matcher = TOOLCHAIN.matcher(xml); matcher.find();) {
                    homes.add(new File(matcher.group(1)));
                }
            } catch (IOException e) {
                return Collections.emptyList();
            }
        }
        return homes;
    }
}
