package dev.culebra.experiments.files;

import java.io.IOException;
import java.nio.file.Path;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.culebra.nn.Gelu;
import dev.culebra.runtime.Precision;

/** How this program writes and reads JSON: enums as on the command line, absent values as {@code null}. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder().addModule(new Jdk8Module())
            .addModule(new SimpleModule().addSerializer(Path.class, ToStringSerializer.instance))
            .addMixIn(Precision.class, Labelled.class).addMixIn(Gelu.class, Labelled.class)
            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private Json() {}

    /** Enums of other modules that appear as their labels. */
    private interface Labelled {
        @JsonValue
        String label();
    }

    /** The one mapper; for reading and writing from any thread. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** A record as the tree that its text reads back as. */
    public static ObjectNode tree(Record value) {
        try {
            return (ObjectNode) MAPPER.readTree(MAPPER.writeValueAsBytes(value));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
