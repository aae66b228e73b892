package dev.culebra.runtime;

import java.lang.ref.Cleaner;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reports native objects that were never closed, where {@code -Dculebra.leaks=true} or {@code CULEBRA_LEAKS=true} asks for
 * it. Without that it does nothing and costs a test of a constant.
 */
final class Leaks {
    /** Whether leaks are reported in this process. */
    static final boolean REPORTED = Boolean
            .parseBoolean(System.getProperty("culebra.leaks", System.getenv("CULEBRA_LEAKS")));

    /** What stands above the constructor in every stack. */
    private static final Set<String> OURS = Set.of(Leaks.class.getName(), Watch.class.getName(),
            NativeObject.class.getName());
    private static final AtomicLong CREATED = new AtomicLong();
    private static final Set<Watch> OPEN = ConcurrentHashMap.newKeySet();

    private Leaks() {}

    /**
     * Remembers where an object is made: what calls the constructor.
     *
     * @return what the object must hold as long as it lives
     */
    static Token watch(Class<?> type, long bytes) {
        Watch watch = new Watch(type.getName(), bytes);
        Token token = new Token(watch);
        OPEN.add(watch);
        Collection.CLEANER.register(token, watch);
        return token;
    }

    /** Started with the first object, so that a process that reports nothing has neither the thread nor the hook. */
    private static final class Collection {
        static final Cleaner CLEANER = Cleaner.create();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(
                    () -> OPEN.stream().sorted(Comparator.comparingLong(watch -> watch.number))
                            .forEach(watch -> watch.report("still open when the JVM ended")),
                    "culebra-leaks"));
        }

        private Collection() {}
    }

    /** Dies with the object that holds it. */
    static final class Token {
        private final Watch watch;

        private Token(Watch watch) {
            this.watch = watch;
        }

        /** The object was closed: there is nothing to report. */
        void closed() {
            OPEN.remove(watch);
        }
    }

    /** What is known of an open object; it does not hold the object itself. */
    private static final class Watch implements Runnable {
        private final long number = CREATED.incrementAndGet();
        private final String type;
        private final long bytes;
        private final Throwable origin = new Throwable();

        private Watch(String type, long bytes) {
            this.type = type;
            this.bytes = bytes;
        }

        /** The object was collected. */
        @Override
        public void run() {
            report("collected without being closed");
        }

        private void report(String how) {
            if (!OPEN.remove(this)) {
                return;
            }
            StringBuilder text = new StringBuilder("culebra leak: ").append(type);
            if (bytes > 0) {
                text.append(" of ").append(bytes).append(" bytes");
            }
            text.append(' ').append(how).append("; made at");
            for (StackTraceElement frame : origin.getStackTrace()) {
                if (!OURS.contains(frame.getClassName())) {
                    text.append(System.lineSeparator()).append("\tat ").append(frame);
                }
            }
            System.err.println(text);
        }
    }
}
