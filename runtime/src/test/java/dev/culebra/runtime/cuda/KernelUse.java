package dev.culebra.runtime.cuda;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

import dev.culebra.runtime.Precision;
import dev.culebra.runtime.nvrtc.ResourceUsage;

/**
 * What a kernel of a variant takes on an architecture, and how it is launched there.
 *
 * @param precisions the precisions that have this variant
 * @param threads of a block
 * @param dynamicShared bytes that a launch adds for a block
 */
record KernelUse(KernelVariant variant, List<Precision> precisions, int threads, int dynamicShared,
        ResourceUsage usage) {
    /** Registers and threads of a multiprocessor; registers go to a warp in portions. */
    private static final int REGISTERS = 1 << 16;
    private static final int REGISTER_PORTION = 256;
    private static final int LANES = 32;

    static final String HEADER = "| kernel | constants | precision | architecture | threads | registers"
            + " | shared memory, static | dynamic | stack | spill stores | loads |\n"
            + "| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";

    static final Comparator<KernelUse> ORDER = Comparator.<KernelUse, String>comparing(use -> use.variant.source())
            .thenComparing(use -> use.usage.kernel()).thenComparing(use -> use.variant.constants().toString())
            .thenComparing(KernelUse::architecture, Comparator.comparing(KernelUse::generation));

    /** The number in the name of an architecture. */
    private static int generation(String architecture) {
        return Integer.parseInt(architecture.replaceAll("\\D", ""));
    }

    String architecture() {
        return usage.architecture();
    }

    /** Whether registers or arrays of a thread lie in memory. */
    boolean usesLocalMemory() {
        return usage.stackBytes() > 0 || usage.spillStoreBytes() > 0 || usage.spillLoadBytes() > 0;
    }

    /** Whether a multiprocessor has what one block takes. */
    boolean fits() {
        int ofWarp = Math.ceilDiv(usage.registers() * LANES, REGISTER_PORTION) * REGISTER_PORTION;
        return Math.ceilDiv(threads, LANES) * ofWarp <= REGISTERS
                && usage.sharedBytes() + dynamicShared <= mostShared();
    }

    /**
     * The most shared memory of a block, in bytes: CUDA C++ Programming Guide, "Technical specifications per compute
     * capability".
     */
    private int mostShared() {
        return (architecture().startsWith("sm_80") ? 163 : 227) << 10;
    }

    /** A row of the table. */
    String row() {
        String constants = variant.constants().entrySet().stream()
                .map(constant -> constant.getKey() + "=" + constant.getValue()).collect(Collectors.joining(" "));
        String names = precisions.stream().map(Precision::label).collect(Collectors.joining(", "));
        return String.format("| `%s` | %s | %s | %s | %d | %d | %d | %d | %d | %d | %d |\n", usage.kernel(), constants,
                names, architecture(), threads, usage.registers(), usage.sharedBytes(), dynamicShared,
                usage.stackBytes(), usage.spillStoreBytes(), usage.spillLoadBytes());
    }
}
