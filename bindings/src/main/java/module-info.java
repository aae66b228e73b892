/** Raw bindings to native libraries: one generated package per library, and the code that finds and loads them. */
module dev.culebra.bindings {
    exports dev.culebra.bindings;
    exports dev.culebra.bindings.cublas;
    exports dev.culebra.bindings.cublaslt;
    exports dev.culebra.bindings.cuda;
    exports dev.culebra.bindings.cudnn;
    exports dev.culebra.bindings.nccl;
    exports dev.culebra.bindings.nvml;
    exports dev.culebra.bindings.nvrtc;
    exports dev.culebra.bindings.nvtx;
    exports dev.culebra.bindings.onednn;
}
