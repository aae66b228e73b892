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
        for (String argument : arguments) {
            if (argument.indexOf('\uFFFD') >= 0) {
                System.err.println("error: this locale cannot express the argument " + argument
                        + "; set the environment variable LC_ALL to C.UTF-8");
                System.exit(2);
            }
        }
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
        if (arguments.length > 0 && arguments[0].equals("doctor")) {
            // It has ended before the second compiler pays.
            command.add("-XX:TieredStopAtLevel=1");
        }
        String jar = System.getProperty("java.class.path");
        List<String> options = options();
        List<String> known = new ArrayList<String>(options);
        String ofEveryJava = System.getenv("JDK_JAVA_OPTIONS");
        if (ofEveryJava != null) {
            // This Java may be too old to have read them; the other one will.
            known.addAll(Arrays.asList(ofEveryJava.trim().split("\\s+")));
        }
        command.addAll(StartUpCache.options(jar, installation.version().toString(), known));
        command.addAll(options);
        command.add("--enable-native-access=ALL-UNNAMED");
        // Killed, this process can pass nothing on: the other one watches it.
        command.add("-Dculebra.launched=true");
        command.add("-cp");
        command.add(jar);
        command.add(PROGRAM);
        command.addAll(Arrays.asList(arguments));
        Child child = new Child();
        Runtime.getRuntime().addShutdownHook(child);
        try {
            return child.start(command).waitFor();
        } catch (IOException e) {
            System.err.println("error: " + installation + " does not start (" + e.getMessage() + "); name another with "
                    + JavaSearch.EXPLICIT + "=/path/to/jdk");
            return 1;
        }
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
     * The other Java, and what is done when this process is told to end: a Ctrl-C has reached the child too, which then
     * saves its work; a signal to this process alone is passed on. Either way this process ends after the child, with its
     * exit code.
     */
    private static final class Child extends Thread {
        private Process process;
        private boolean ending;

        Child() {
            super("wait-for-child");
        }

        /** Where this process is ending already, there is nothing to start any more: it waits here for its end. */
        synchronized Process start(List<String> command) throws IOException, InterruptedException {
            while (ending) {
                wait();
            }
            process = new ProcessBuilder(command).inheritIO().start();
            return process;
        }

        @Override
        public synchronized void run() {
            ending = true;
            if (process == null) {
                return;
            }
            boolean windows = File.separatorChar == '\\';
            if (process.isAlive() && !windows) {
                process.destroy();
            }
            while (true) {
                try {
                    Runtime.getRuntime().halt(process.waitFor());
                } catch (InterruptedException e) {
                    // Nothing but the child's end may end the wait.
                }
            }
        }
    }
}
