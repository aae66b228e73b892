package dev.culebra.runtime.nvrtc;

import java.util.List;

/** A call of NVRTC that failed. Of a compilation it carries the options and the compiler's whole log. */
public final class NvrtcException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String function;
    private final int status;
    private final String name;
    private final String[] options;
    private final String log;

    NvrtcException(String function, int status, String name) {
        this(function, status, name, "", List.of(), "");
    }

    /** @param source the name of the source, or nothing where none is at fault */
    NvrtcException(String function, int status, String name, String source, List<String> options, String log) {
        super(message(function, status, name, source, options, log));
        this.function = function;
        this.status = status;
        this.name = name;
        this.options = options.toArray(String[]::new);
        this.log = log;
    }

    private static String message(String function, int status, String name, String source, List<String> options,
            String log) {
        StringBuilder message = new StringBuilder("%s (%d) from %s".formatted(name, status, function));
        if (!source.isEmpty()) {
            message.append(" of ").append(source).append(" with ").append(String.join(" ", options));
        }
        if (!log.isEmpty()) {
            message.append(":\n").append(log);
        }
        return message.toString();
    }

    /** The C function that failed. */
    public String function() {
        return function;
    }

    /** What it returned, an {@code nvrtcResult}. */
    public int status() {
        return status;
    }

    /** The status by name, such as {@code NVRTC_ERROR_COMPILATION}; of one that the library does not know, its text for such. */
    public String name() {
        return name;
    }

    /** The options of the compilation, none where another call failed. */
    public List<String> options() {
        return List.of(options);
    }

    /** The compiler's whole log, empty where another call failed. */
    public String log() {
        return log;
    }
}
