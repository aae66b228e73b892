package dev.culebra.runtime.nvrtc;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the compiler made of a source. Immutable. */
public final class CompiledImage {
    private final ImageKind kind;
    private final String architecture;
    private final byte[] bytes;
    private final Map<String, String> loweredNames;
    private final String log;

    CompiledImage(ImageKind kind, String architecture, byte[] bytes, Map<String, String> loweredNames, String log) {
        this.kind = kind;
        this.architecture = architecture;
        this.bytes = bytes;
        this.loweredNames = Collections.unmodifiableMap(new TreeMap<>(loweredNames));
        this.log = log;
    }

    /** What it is. */
    public ImageKind kind() {
        return kind;
    }

    /** What it was compiled for, such as {@code sm_90a}. */
    public String architecture() {
        return architecture;
    }

    /** The image, as {@code cuModuleLoadData} takes it; PTX ends with a NUL. A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * The name in the image of what a name expression names: what {@code cuModuleGetFunction} takes.
     *
     * @throws IllegalArgumentException if the options had no such name expression
     */
    public String loweredName(String expression) {
        String lowered = loweredNames.get(expression);
        if (lowered == null) {
            throw new IllegalArgumentException("compiled without the name expression " + expression + ", but with: "
                    + String.join("; ", loweredNames.keySet()));
        }
        return lowered;
    }

    /** The name in the image of each name expression. */
    public Map<String, String> loweredNames() {
        return loweredNames;
    }

    /** What the compiler had to say: warnings, and the resource usage if that was asked for. */
    public String log() {
        return log;
    }

    /** What each kernel uses, if {@link CompileOptions#withResourceUsage} asked for it; else nothing. */
    public List<ResourceUsage> resourceUsage() {
        return ResourceUsage.parse(log);
    }
}
