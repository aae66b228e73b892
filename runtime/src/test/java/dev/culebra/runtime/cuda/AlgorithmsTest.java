package dev.culebra.runtime.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.cudnn.RnnAlgorithm;
import dev.culebra.runtime.operation.Activation;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Choices that last: from one operation to the next, one process to the next, and one run to its continuation. */
class AlgorithmsTest {
    private static final LinearSpec LINEAR = new LinearSpec(33, 31, 40, Activation.NONE);
    private static final LstmSpec LSTM = new LstmSpec(2, 5, 7, 16, 1, 0, 42);
    /** Of three products, of the weight's gradient without sums, and whether it is to sum. */
    private static final int OF_LINEAR = 5;

    @TempDir
    Path folder;

    @BeforeAll
    static void device() {
        StandIn.activate();
    }

    @AfterEach
    void failNothing() {
        StandIn.failNone();
    }

    private CudaBackend open(Precision precision, String files) {
        return CudaBackend.open(0, precision, true, new Trials(new ChoiceFiles(folder.resolve(files)), 1));
    }

    /** What a backend chose for a linear layer and an LSTM. */
    private static Map<String, String> chosen(Backend backend) {
        backend.linear(LINEAR).close();
        backend.lstm(LSTM).close();
        return backend.choices();
    }

    private Map<String, String> chosen(String files, Map<String, String> adopted) {
        try (Backend backend = open(Precision.FP32, files)) {
            backend.adopt(adopted);
            return chosen(backend);
        }
    }

    private static String keyOfLstm(Map<String, String> choices) {
        return choices.keySet().stream().filter(key -> key.contains("cuDNN")).findFirst().orElseThrow();
    }

    /** The later choices are the earlier ones, but for that of a product that is not made any more, as another way is faster. */
    private static void assertAmong(Map<String, String> earlier, Map<String, String> later) {
        assertTrue(later.size() >= OF_LINEAR, later.toString());
        assertTrue(earlier.entrySet().containsAll(later.entrySet()), () -> earlier + " and " + later);
    }

    private static boolean measures(Runnable work) {
        StandIn.clearCallLog();
        work.run();
        return StandIn.callLog().stream().anyMatch(call -> call.startsWith("cuEventElapsedTime"));
    }

    private long files(String name) throws IOException {
        if (!Files.exists(folder.resolve(name))) {
            return 0;
        }
        try (Stream<Path> all = Files.list(folder.resolve(name))) {
            return all.count();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FP32", "TF32", "BF16"})
    void eachProductAndNetworkIsChosenAndKept(Precision precision) throws IOException {
        try (Backend backend = open(precision, "files")) {
            Map<String, String> choices = chosen(backend);
            assertEquals(OF_LINEAR + 1, choices.size(), choices.toString());
            assertEquals(OF_LINEAR + 1, files("files"));
            RnnAlgorithm.valueOf(choices.get(keyOfLstm(choices)));
            assertEquals(choices, chosen(backend), "the next operation of the same sizes is computed the same way");
        }
    }

    @Test
    void theNextProcessMeasuresNothing() {
        Map<String, String> choices = chosen("files", Map.of());
        assumeTrue(StandIn.isActive(), "skipped: only the stand-in keeps a log of calls");
        assertFalse(measures(() -> assertAmong(choices, chosen("files", Map.of()))));
        assertTrue(measures(() -> chosen("elsewhere", Map.of())));
    }

    @Test
    void aRunKeepsItsChoicesThoughTheFilesAreGoneOrSayOtherwise() throws IOException {
        assumeTrue(StandIn.isActive(), "skipped: a real device need not have the other algorithm");
        Map<String, String> choices = chosen("files", Map.of());
        Map<String, String> other = new TreeMap<>(choices);
        String key = keyOfLstm(choices);
        // An algorithm that would not have been chosen, or the other way round: it is the run's, and that decides.
        other.put(key, choices.get(key).equals("STANDARD") ? "PERSIST_STATIC" : "STANDARD");
        assertEquals(other, chosen("files", other));
        assertEquals(other, chosen("nowhere", other));
        assertEquals(0, files("nowhere"), "nothing was measured");
        assertAmong(choices, chosen("files", Map.of())); // What a run adopts is its own.
    }

    @Test
    void theNetworkIsMadeWithTheAlgorithmThatWasChosen() {
        assumeTrue(StandIn.isActive(), "skipped: only the stand-in keeps a log of calls");
        Map<String, String> choices = new TreeMap<>(chosen("files", Map.of()));
        for (RnnAlgorithm algorithm : List.of(RnnAlgorithm.STANDARD, RnnAlgorithm.PERSIST_STATIC)) {
            choices.put(keyOfLstm(choices), algorithm.name());
            StandIn.clearCallLog();
            chosen("files", choices);
            List<String> described = StandIn.callLog().stream()
                    .filter(call -> call.startsWith("cudnnSetRNNDescriptor_v8(")).toList();
            assertEquals(1, described.size());
            assertEquals(Integer.toString(algorithm.ordinal()), described.getFirst().split(", ")[1]);
        }
    }

    @ParameterizedTest
    @CsvSource({"fused, 3", "apart, 5"})
    void anEpilogueIsUsedWhereItWasChosen(String way, int plans) {
        LinearSpec activated = new LinearSpec(33, 31, 40, Activation.GELU_TANH);
        Map<String, String> choices;
        try (Backend backend = open(Precision.TF32, "files")) {
            backend.linear(activated).close();
            choices = new TreeMap<>(backend.choices());
        }
        List<String> ways = choices.entrySet().stream().filter(each -> each.getKey().startsWith("whether fused"))
                .map(Map.Entry::getValue).toList();
        assertEquals(2, ways.size(), choices.toString());
        assertTrue(List.of("fused", "apart").containsAll(ways), ways.toString());
        choices.replaceAll((key, choice) -> key.startsWith("whether fused") ? way : choice);
        assumeTrue(StandIn.isActive(), "skipped: only the stand-in keeps a log of calls");
        try (Backend backend = open(Precision.TF32, "files")) {
            backend.adopt(choices);
            StandIn.clearCallLog();
            backend.linear(activated).close();
            assertEquals(plans, StandIn.callLog().stream()
                    .filter(call -> call.startsWith("cublasLtMatmulAlgoGetHeuristic")).count());
        }
    }

    @Test
    void aChoiceThatDoesNotHoldIsMadeAnew() {
        Map<String, String> choices = chosen("files", Map.of());
        Map<String, String> damaged = new TreeMap<>(choices);
        damaged.replaceAll((key, choice) -> key.contains("cuDNN") || key.contains("BIAS") ? "?" + choice : choice);
        assertEquals(2, damaged.values().stream().filter(choice -> choice.startsWith("?")).count());
        damaged.put("a product on a device that is not here", "anything");
        Map<String, String> repaired = new TreeMap<>(choices);
        repaired.put("a product on a device that is not here", "anything");
        assertEquals(repaired, chosen("files", damaged));
    }

    @Test
    void littleWorkIsNotTried() throws IOException {
        try (Backend backend = CudaBackend.open(0, Precision.FP32, true,
                new Trials(new ChoiceFiles(folder.resolve("files")), Trials.WORTHWHILE))) {
            assertEquals(Map.of(), chosen(backend));
            assertEquals(0, files("files"));
        }
    }

    @Test
    void whereNothingIsTriedARunKeepsWhatItChose() throws IOException {
        assumeTrue(StandIn.isActive(), "skipped: a real device need not have the other algorithm");
        Map<String, String> choices = new TreeMap<>(chosen("files", Map.of()));
        choices.put(keyOfLstm(choices), "PERSIST_STATIC");
        try (Backend backend = CudaBackend.open(0, Precision.FP32, true,
                new Trials(new ChoiceFiles(folder.resolve("nowhere")), Trials.NEVER))) {
            backend.adopt(choices);
            StandIn.clearCallLog();
            assertEquals(choices, chosen(backend));
            assertEquals(0, files("nowhere"));
            assertTrue(StandIn.callLog().stream().anyMatch(call -> call.startsWith("cudnnSetRNNDescriptor_v8(")
                    && call.split(", ")[1].equals(Integer.toString(RnnAlgorithm.PERSIST_STATIC.ordinal()))));
        }
    }

    @Test
    void withoutMemoryForATrialTheLibrarysOwnChoiceIsTheRunsAndIsNotRemembered() throws IOException {
        assumeTrue(StandIn.isActive(), "skipped: only the stand-in runs out of memory when asked to");
        try (Backend backend = open(Precision.FP32, "files")) {
            backend.linear(new LinearSpec(1, 1, 1, Activation.NONE)).close(); // Now there is a workspace.
            long before = files("files");
            StandIn.failNext("cuMemAllocFromPoolAsync", cuda.CUDA_ERROR_OUT_OF_MEMORY, 0);
            backend.linear(LINEAR).close();
            assertEquals(before + OF_LINEAR - 1, files("files"));
            assertEquals(2 * OF_LINEAR, backend.choices().size());
        }
    }
}
