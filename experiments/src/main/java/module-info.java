/** The twelve WikiText-2 experiments: data, training loop, logs and command line. */
module dev.culebra.experiments {
    requires dev.culebra.nn;
    requires dev.culebra.bindings;
    requires info.picocli;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires me.tongfei.progressbar;
    requires ai.djl.tokenizers;
    requires com.google.protobuf;
    requires org.jfree.jfreechart;
    requires org.apache.xmlgraphics.batik.svggen;
    requires java.desktop;
    requires java.net.http;
    requires jdk.management;

    opens dev.culebra.experiments.cli to info.picocli;
    opens dev.culebra.experiments.data to com.fasterxml.jackson.databind;
    opens dev.culebra.experiments.run to com.fasterxml.jackson.databind;
    opens dev.culebra.experiments.study to com.fasterxml.jackson.databind;
}
