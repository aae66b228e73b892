package dev.culebra.runtime.nvrtc;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What to compile for, and how.
 *
 * @param architecture {@code sm_80}, {@code sm_90a}, {@code sm_100} and so on: of which device, and with {@code a} or
 *            {@code f} also with those of its features that later devices lack
 * @param image what to make
 * @param options further options, each as one string, such as {@code --use_fast_math}
 * @param nameExpressions C++ names whose names in the image are wanted; they also say which instances of templates to make:
 *            {@code scale<float, 4>}
 */
public record CompileOptions(String architecture, ImageKind image, List<String> options, List<String> nameExpressions) {
    private static final Pattern ARCHITECTURE = Pattern.compile("sm_(\\d{2,3}[af]?)");
    private static final Pattern READS_FILES = Pattern
            .compile("-{1,2}(I|include|pre-include|pch|use-pch|create-pch).*");
    private static final String RESOURCE_USAGE = "--ptxas-options=-v";

    /**
     * Keeps copies of the lists.
     *
     * @throws IllegalArgumentException if the architecture is no {@code sm_...}, or a string has a NUL character
     */
    public CompileOptions {
        if (!ARCHITECTURE.matcher(architecture).matches()) {
            throw new IllegalArgumentException("not an architecture such as sm_80 or sm_90a: " + architecture);
        }
        options = List.copyOf(options);
        nameExpressions = List.copyOf(nameExpressions);
        Stream.concat(options.stream(), nameExpressions.stream()).forEach(KernelSource::refuseNul);
    }

    /** Machine code of an architecture, with no further options. */
    public static CompileOptions of(String architecture) {
        return new CompileOptions(architecture, ImageKind.CUBIN, List.of(), List.of());
    }

    /** Makes something else. */
    public CompileOptions as(ImageKind kind) {
        return new CompileOptions(architecture, kind, options, nameExpressions);
    }

    /** Adds options. */
    public CompileOptions with(String... more) {
        return new CompileOptions(architecture, image, concat(options, more), nameExpressions);
    }

    /** Adds name expressions. */
    public CompileOptions naming(String... more) {
        return new CompileOptions(architecture, image, options, concat(nameExpressions, more));
    }

    /** Asks for {@link CompiledImage#resourceUsage}; there is none in PTX. */
    public CompileOptions withResourceUsage() {
        return options.contains(RESOURCE_USAGE) ? this : with(RESOURCE_USAGE);
    }

    /** All options as the compiler gets them. */
    public List<String> arguments() {
        Matcher number = ARCHITECTURE.matcher(architecture);
        number.matches();
        String target = image == ImageKind.CUBIN ? architecture : "compute_" + number.group(1);
        return concat(List.of("--gpu-architecture=" + target), options.toArray(String[]::new));
    }

    /** Whether an option names files or folders to read, on which the result then depends. */
    boolean readsFiles() {
        return options.stream().anyMatch(option -> READS_FILES.matcher(option).matches());
    }

    private static List<String> concat(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all;
    }
}
