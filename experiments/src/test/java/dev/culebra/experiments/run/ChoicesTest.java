package dev.culebra.experiments.run;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culebra.experiments.files.Json;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChoicesTest {
    private static final Map<String, String> CHOICES = Map.of("a \"product\" of [3, 5] and {5: 7}, é", "Q0JMQQ==",
            "a network", "PERSIST_STATIC");

    @TempDir
    Path folder;

    /** The reference backend, but one that chooses; it knows what it was asked for, in order. */
    private static final class Choosing implements InvocationHandler {
        private final Backend reference = new ReferenceBackend();
        private final Map<String, String> choices;
        private final List<Object> adopted = new ArrayList<>();
        private final List<String> calls = new ArrayList<>();

        Choosing(Map<String, String> choices) {
            this.choices = choices;
        }

        Backend backend() {
            return (Backend) Proxy.newProxyInstance(Backend.class.getClassLoader(), new Class<?>[] {Backend.class},
                    this);
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            calls.add(method.getName());
            return switch (method.getName()) {
                case "choices" -> choices;
                case "adopt" -> {
                    adopted.add(arguments[0]);
                    yield null;
                }
                default -> method.isDefault()
                        ? InvocationHandler.invokeDefault(proxy, method, arguments)
                        : method.invoke(reference, arguments);
            };
        }
    }

    private Configuration configuration() throws IOException {
        ObjectNode json = Configuration.of(Experiment.EXP1).toJson();
        ((ObjectNode) json.get("model")).put("hidden-size", 8).put("embedding-width", 12);
        ((ObjectNode) json.get("data")).put("data", SmallText.in(Files.createDirectories(folder.resolve("data")))
                .toString()).put("sequence-length", 8).put("batch-size", 4);
        ((ObjectNode) json.get("run")).put("device", "reference");
        return Json.mapper().treeToValue(json, Configuration.class);
    }

    /** What a backend is given when a run is resumed whose backend had chosen this. */
    private Choosing resumed(Map<String, String> choices) throws IOException {
        return resumed(choices, Map.of(), 0);
    }

    /** The same where the backend now chooses otherwise, so that so many choices are lost. */
    private Choosing resumed(Map<String, String> choices, Map<String, String> now, long lost) throws IOException {
        Configuration configuration = configuration();
        RunData data = RunData.read(configuration);
        int steps = data.train().perEpoch();
        RunPlan plan = new RunPlan(1, steps, steps, 1, 0, 0);
        RunDirectory directory = new RunDirectory(Files.createDirectories(folder.resolve("run")));
        Backend before = new Choosing(choices).backend();
        Circumstances circumstances = Circumstances.of(before, data);
        try (Learner learner = Learner.start(before, configuration, data, plan)) {
            new Checkpoints(directory, learner, circumstances).saveLast(learner.state());
        }
        Choosing after = new Choosing(now);
        try (Learner learner = Learner.resume(after.backend(), configuration, data, plan, circumstances,
                directory.last())) {
            assertEquals(lost, learner.lostChoices());
        }
        return after;
    }

    @Test
    void aResumedRunGivesItsBackendTheChoicesBeforeItAsksForOperations() throws IOException {
        Choosing backend = resumed(CHOICES);
        assertEquals(List.of(CHOICES), backend.adopted);
        assertTrue(backend.calls.indexOf("adopt") < backend.calls.indexOf("lstm"), backend.calls.toString());
    }

    @Test
    void aBackendThatChoseNothingIsGivenNothing() throws IOException {
        assertEquals(List.of(Map.of()), resumed(Map.of()).adopted);
    }

    @Test
    void aChoiceThatCouldNotBeTakenOverIsTold() throws IOException {
        Map<String, String> otherwise = new HashMap<>(CHOICES);
        otherwise.put("a network", "STANDARD");
        otherwise.put("another network", "STANDARD");
        resumed(CHOICES, otherwise, 1);
        resumed(CHOICES, CHOICES, 0);
    }
}
