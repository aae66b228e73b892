/** Raw bindings to native libraries: one generated package per library, and the code that finds and loads them. */
module dev.culebra.bindings {
    exports dev.culebra.bindings;
    exports dev.culebra.bindings.onednn;
}
