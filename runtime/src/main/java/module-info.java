/** Checked and owning layers over the raw bindings, tensors, and the compute backends. */
module dev.culebra.runtime {
    requires dev.culebra.bindings;
    requires jdk.management;

    exports dev.culebra.runtime;
    exports dev.culebra.runtime.cpu;
    exports dev.culebra.runtime.cublas;
    exports dev.culebra.runtime.cublaslt;
    exports dev.culebra.runtime.cuda;
    exports dev.culebra.runtime.cudnn;
    exports dev.culebra.runtime.driver;
    exports dev.culebra.runtime.machine;
    exports dev.culebra.runtime.nccl;
    exports dev.culebra.runtime.nvml;
    exports dev.culebra.runtime.nvrtc;
    exports dev.culebra.runtime.nvtx;
    exports dev.culebra.runtime.onednn;
    exports dev.culebra.runtime.operation;
    exports dev.culebra.runtime.reference;
    exports dev.culebra.runtime.trial;
}
