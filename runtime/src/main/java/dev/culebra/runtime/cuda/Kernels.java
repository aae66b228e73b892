package dev.culebra.runtime.cuda;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.driver.Context;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.nvrtc.KernelCache;

/**
 * The kernels of this backend, compiled for the device at hand. A source is compiled for exactly the sizes and types of an
 * operation, which become constants; operations of the same sizes share a module. It owns the modules.
 */
final class Kernels implements AutoCloseable {
    private final Context context;
    private final String architecture;
    private final KernelCache cache;
    private final OwnedParts owned = new OwnedParts();
    private final Map<KernelVariant, Module> modules = new HashMap<>();

    /** Nothing is compiled yet. */
    Kernels(Context context, KernelCache cache) {
        this.context = context;
        this.architecture = context.device().computeCapability().architecture();
        this.cache = cache;
    }

    /**
     * A source with constants, compiled and loaded at the first call.
     *
     * @param source its name without {@code .cu}
     * @param constants names and values of macros
     */
    Module module(String source, Map<String, ?> constants) {
        return modules.computeIfAbsent(KernelVariant.of(source, constants), absent -> owned.own(Module.load(context,
                cache.compile(absent.text(), absent.options(architecture)).bytes())));
    }

    /** What was compiled so far. */
    Map<KernelVariant, Module> modules() {
        return Collections.unmodifiableMap(modules);
    }

    /** Unloads all modules. */
    @Override
    public void close() {
        modules.clear();
        owned.close();
    }
}
