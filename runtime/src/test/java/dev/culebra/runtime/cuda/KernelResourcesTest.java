package dev.culebra.runtime.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.culebra.runtime.Precision;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.nvrtc.KernelCache;
import dev.culebra.runtime.nvrtc.Nvrtc;
import dev.culebra.runtime.nvrtc.ResourceUsage;
import dev.culebra.runtime.standin.StandIn;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What the kernels take of a device at the study's sizes, as NVIDIA's compiler says, which needs no GPU: each is compiled for
 * the very constants that the operations ask for. {@code runtime/KERNELS.md} is the table that this writes.
 */
class KernelResourcesTest {
    private static final List<String> ARCHITECTURES = List.of("sm_80", "sm_90a", "sm_100");
    private static final List<Precision> PRECISIONS = List.of(Precision.FP32, Precision.TF32, Precision.BF16);
    private static final Pattern KERNEL = Pattern
            .compile("__global__\\s+void\\s+(?:__launch_bounds__\\([^)]*\\)\\)?\\s*)?(\\w+)\\s*\\(");
    /** Kernels that may have arrays or spilled registers in local memory, with the reason. */
    private static final Map<String, String> MAY_USE_LOCAL_MEMORY = Map.of();

    private static List<KernelUse> uses = List.of();

    @BeforeAll
    static void compile() throws IOException {
        Path made = file("target").resolve("kernel-resources.md");
        StandIn.activateWithVendorCompiler();
        Asked asked = new Asked();
        for (Precision precision : PRECISIONS) {
            asked.add(precision);
        }
        KernelCache cache = KernelCache.ofUser();
        uses = asked.precisions.keySet().stream()
                .flatMap(variant -> ARCHITECTURES.stream().map(architecture -> Map.entry(variant, architecture)))
                .parallel()
                .flatMap(pair -> cache
                        .compile(pair.getKey().text(), pair.getKey().options(pair.getValue()).withResourceUsage())
                        .resourceUsage().stream().map(usage -> asked.use(pair.getKey(), usage)))
                .sorted(KernelUse.ORDER).toList();
        Files.writeString(made, table());
        for (String architecture : ARCHITECTURES) {
            System.out.println(summary(architecture));
        }
    }

    /** What the operations asked for: variants with the precisions that have them, and how their kernels are launched. */
    private static final class Asked {
        final Map<KernelVariant, Set<Precision>> precisions = new HashMap<>();
        private final Map<KernelVariant, Map<String, Shape>> shapes = new HashMap<>();

        private record Shape(int threads, int dynamicShared) {
            static Shape of(Launch launch) {
                return new Shape(Math.toIntExact(launch.block().count()), launch.dynamicSharedMemory());
            }

            Shape orLarger(Shape other) {
                return new Shape(Math.max(threads, other.threads), Math.max(dynamicShared, other.dynamicShared));
            }
        }

        void add(Precision precision) {
            // At these sizes no stand-in can try algorithms.
            Trials none = new Trials(ChoiceFiles.ofUser(), Trials.NEVER);
            try (CudaBackend backend = CudaBackend.open(0, precision, false, none);
                    StudyOperations operations = new StudyOperations(backend)) {
                Map<KernelVariant, Module> modules = backend.kernels().modules();
                modules.keySet().forEach(variant -> {
                    precisions.computeIfAbsent(variant, absent -> new TreeSet<>()).add(precision);
                    shapes.computeIfAbsent(variant, absent -> new HashMap<>());
                });
                operations.all().stream().flatMap(operation -> Launches.of(operation).stream()).forEach(launch -> {
                    KernelVariant variant = modules.entrySet().stream()
                            .filter(module -> module.getValue() == launch.kernel().module()).findFirst().orElseThrow()
                            .getKey();
                    shapes.get(variant).merge(launch.kernel().name(), Shape.of(launch), Shape::orLarger);
                });
            }
        }

        KernelUse use(KernelVariant variant, ResourceUsage usage) {
            // What is launched with another shape each time has blocks of the usual size.
            Shape shape = shapes.get(variant).getOrDefault(usage.kernel(), new Shape(CudaOperation.THREADS, 0));
            return new KernelUse(variant, List.copyOf(precisions.get(variant)), shape.threads, shape.dynamicShared,
                    usage);
        }
    }

    private static String table() {
        return """
                # What the kernels take

                Registers of a thread, bytes of shared memory of a block, and bytes of local memory (stack, spills) of a thread:
                of each kernel of [`src/main/cuda`](src/main/cuda) at the study's sizes, as the compiler of NVRTC %s reports
                them. It needs no GPU, and none was used. `KernelResourcesTest` makes the table, and fails where it is not this
                one, where a kernel uses local memory, and where a block takes more than a multiprocessor has:

                ```
                mvn -q -pl bindings,runtime -am test -Dtest=KernelResourcesTest -Dsurefire.failIfNoSpecifiedTests=false
                cp runtime/target/kernel-resources.md runtime/KERNELS.md
                ```

                """
                .formatted(Nvrtc.version())
                + KernelUse.HEADER + uses.stream().map(KernelUse::row).collect(Collectors.joining());
    }

    private static String summary(String architecture) {
        List<KernelUse> here = uses.stream().filter(use -> use.architecture().equals(architecture)).toList();
        KernelUse most = here.stream().max(Comparator.comparing(use -> use.usage().registers())).orElseThrow();
        return architecture + ": " + here.size() + " kernels compiled, " + here.stream()
                .filter(KernelUse::usesLocalMemory).count() + " use local memory, at most "
                + most.usage().registers() + " registers (" + most.usage().kernel() + ")";
    }

    /** A file or folder of the module. */
    private static Path file(String name) {
        return Requirement.source("pom.xml").resolveSibling(name);
    }

    @Test
    void everyKernelOfTheSourcesIsCompiledForEveryArchitecture() throws IOException {
        Set<String> expected = new TreeSet<>();
        try (Stream<Path> sources = Files.list(file("src/main/cuda"))) {
            for (Path source : sources.filter(path -> path.toString().endsWith(".cu")).toList()) {
                KERNEL.matcher(Files.readString(source)).results().forEach(kernel -> expected.add(kernel.group(1)));
            }
        }
        for (String architecture : ARCHITECTURES) {
            assertEquals(expected, uses.stream().filter(use -> use.architecture().equals(architecture))
                    .map(use -> use.usage().kernel()).collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    @Test
    void noKernelUsesLocalMemory() {
        assertEquals("", rows(uses.stream().filter(KernelUse::usesLocalMemory)
                .filter(use -> !MAY_USE_LOCAL_MEMORY.containsKey(use.usage().kernel()))));
    }

    @Test
    void everyBlockFitsOnAMultiprocessor() {
        assertTrue(uses.stream().anyMatch(use -> use.dynamicShared() > 48 << 10), "launches were found");
        assertEquals("", rows(uses.stream().filter(use -> !use.fits())));
    }

    @Test
    void theCommittedTableIsThisOne() throws IOException {
        String committed = Files.readString(file("KERNELS.md"));
        assumeTrue(committed.contains("NVRTC " + Nvrtc.version() + " "),
                "skipped: the committed table is of another NVRTC than " + Nvrtc.version());
        assertLinesMatch(committed.lines(), table().lines(), "runtime/KERNELS.md says how it is made anew");
    }

    private static String rows(Stream<KernelUse> some) {
        return some.map(KernelUse::row).collect(Collectors.joining());
    }
}
