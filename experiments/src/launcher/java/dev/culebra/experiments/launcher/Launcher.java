package dev.culebra.experiments.launcher;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The entry of {@code experiments.jar}, compiled for Java 8. Under Java 25 or newer it calls the program itself; under
 * an older one it looks for a newer one on this machine and continues there, with the same options, or says what to
 * install.
 */
public final class Launcher {
    private static final int REQUIRED = 25;
    private static final String PROGRAM = "dev.culebra.experiments.Main";

    private Launcher() {}

    /** Runs the program with {@code arguments}. */
    public static void main(String[] arguments) throws Throwable {
        JavaVersion current = JavaVersion.parse(System.getProperty("java.specification.version"));
        if (current.feature() >= REQUIRED) {
            runHere(arguments);
            return;
        }
        JavaSearch search = new JavaSearch(System.getenv(), System.getProperty("user.home"));
        JavaInstallation newer = search.find(REQUIRED);
        if (newer == null) {
            System.err.println("error: " + advice(search.explicit()));
            System.exit(1);
        }
        System.exit(runIn(newer, arguments));
    }

    private static void runHere(String[] arguments) throws Throwable {
        try {
            Class.forName(PROGRAM).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static String advice(String explicit) {
        String here = "Java " + REQUIRED + " or newer is needed; this is " + System.getProperty("java.version") + " in "
                + System.getProperty("java.home");
        if (explicit != null) {
            return here + ", and " + JavaSearch.EXPLICIT + "=" + explicit + " is no such Java; correct or unset it";
        }
        return here
                + ", and no newer one was found. Install one, for example from https://adoptium.net/temurin/releases"
                + " or with 'sdk install java 25-tem'; if it is in an unusual place, name it: " + JavaSearch.EXPLICIT
                + "=/path/to/jdk";
    }

    /** Runs the program in another Java and waits for it; returns its exit code. */
    private static int runIn(JavaInstallation installation, String[] arguments) throws InterruptedException {
        List<String> command = new ArrayList<String>();
        command.add(installation.executable().getPath());
        command.addAll(options());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(PROGRAM);
        command.addAll(Arrays.asList(arguments));
        final Process child;
        try {
            child = new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            System.err.println("error: " + installation + " does not start (" + e.getMessage() + "); name another with "
                    + JavaSearch.EXPLICIT + "=/path/to/jdk");
            return 1;
        }
        Runtime.getRuntime().addShutdownHook(new Thread("wait-for-child") {
            @Override
            public void run() {
                endTogether(child);
            }
        });
        return child.waitFor();
    }

    /** The options this Java was started with. */
    private static List<String> options() {
        try {
            return ManagementFactory.getRuntimeMXBean().getInputArguments();
        } catch (LinkageError e) {
            // A runtime without java.management cannot tell.
            return Collections.emptyList();
        }
    }

    /**
     * Runs when this process is told to end. A Ctrl-C has reached the child too, which then saves its work; a signal to
     * this process alone is passed on. Either way this process ends after the child, with its exit code.
     */
    private static void endTogether(Process child) {
        boolean windows = File.separatorChar == '\\';
        if (child.isAlive() && !windows) {
            child.destroy();
        }
        while (true) {
            try {
                Runtime.getRuntime().halt(child.waitFor());
            } catch (InterruptedException e) {
                // Nothing but the child's end may end the wait.
            }
        }
    }
}
