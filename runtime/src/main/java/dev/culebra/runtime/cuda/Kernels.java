package dev.culebra.runtime.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.culebra.runtime.driver.Context;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.nvrtc.CompileOptions;
import dev.culebra.runtime.nvrtc.KernelCache;
import dev.culebra.runtime.nvrtc.KernelSource;

/**
 * The kernels of this backend, compiled for the device at hand. A source is compiled for exactly the sizes and types of an
 * operation, which become constants; operations of the same sizes share a module. It owns the modules.
 */
final class Kernels implements AutoCloseable {
    private static final String INTRINSICS = "intrinsics.cuh";

    private final Context context;
    private final String architecture;
    private final KernelCache cache;
    private final Map<String, Module> modules = new TreeMap<>();

    /** Nothing is compiled yet. */
    Kernels(Context context, KernelCache cache) {
        this.context = context;
        this.architecture = context.device().computeCapability().architecture();
        this.cache = cache;
    }

    /**
     * A source with constants, compiled and loaded at the first call.
     *
     * @param name the source without {@code .cu}
     * @param constants names and values of macros, sorted by name
     */
    Module module(String name, Map<String, ?> constants) {
        List<String> options = new ArrayList<>(List.of("--std=c++17"));
        new TreeMap<>(constants).forEach((constant, value) -> options.add("-D" + constant + "=" + value));
        return modules.computeIfAbsent(name + options, absent -> Module.load(context,
                cache.compile(source(name), CompileOptions.of(architecture).with(options.toArray(String[]::new)))
                        .bytes()));
    }

    /** A source with the header that all include. */
    static KernelSource source(String name) {
        return new KernelSource(name + ".cu", text(name + ".cu"), Map.of(INTRINSICS, text(INTRINSICS)));
    }

    private static String text(String resource) {
        try (InputStream in = Kernels.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("there is no " + resource + " beside " + Kernels.class);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Unloads all modules. */
    @Override
    public void close() {
        modules.values().forEach(Module::close);
        modules.clear();
    }
}
