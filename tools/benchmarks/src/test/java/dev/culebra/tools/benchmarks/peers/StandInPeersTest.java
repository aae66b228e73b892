package dev.culebra.tools.benchmarks.peers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.culebra.runtime.standin.StandIn;
import dev.culebra.tools.benchmarks.study.Sizes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is compared with others computes on a GPU, or on what stands in for one, what it computes in plain Java. */
class StandInPeersTest {
    private static final String DEVICE = "cuda:0";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void activate() {
        StandIn.activate();
        new Conditions(Sizes.SMALL, DEVICE, Optional.of(folder)).writeWeights();
    }

    @ParameterizedTest
    @EnumSource(Comparison.class)
    void oursComputesTheSameThere(Comparison row) {
        List<double[]> expected = results(row, "reference");
        List<double[]> results = results(row, DEVICE);
        assertEquals(expected.size(), results.size());
        for (int quantity = 0; quantity < results.size(); quantity++) {
            double distance = Agreement.distance(results.get(quantity), expected.get(quantity));
            int which = quantity;
            assertTrue(distance <= Way.CULEBRA.tolerance(), () -> row + ", quantity " + which + ": " + distance);
        }
    }

    /** Of three runs, the later of which start from what the earlier ones left. */
    private static List<double[]> results(Comparison row, String device) {
        List<double[]> results = new ArrayList<>();
        try (Peer peer = row.peer(Way.CULEBRA, new Conditions(Sizes.SMALL, device, Optional.of(folder)))) {
            for (int run = 0; run < 3; run++) {
                peer.run();
                results.addAll(peer.result());
            }
        }
        return results;
    }
}
