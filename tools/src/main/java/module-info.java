/** The bindings generator and the benchmarks. */
module dev.culebra.tools {
    requires java.compiler;
}
