/** The twelve WikiText-2 experiments: data, training loop, logs and command line. */
module dev.culebra.experiments {
    requires dev.culebra.nn;
    requires info.picocli;
    requires com.fasterxml.jackson.databind;
    requires me.tongfei.progressbar;
    requires jdk.management;
}
