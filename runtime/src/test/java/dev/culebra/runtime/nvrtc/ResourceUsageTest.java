package dev.culebra.runtime.nvrtc;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ResourceUsageTest {
    @Test
    void readsWhatCuda13Prints() {
        String log = """
                x.cu(1): warning #177-D: variable "unused" was declared but never referenced

                ptxas info    : 0 bytes gmem
                ptxas info    : Compiling entry function '_Z1kILi5EEvPf' for 'sm_90a'
                ptxas info    : Function properties for _Z1kILi5EEvPf
                ptxas         .     0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
                ptxas info    : Used 10 registers, used 1 barriers, 256 bytes smem
                ptxas info    : Compile time = 2.083 ms
                ptxas info    : Compiling entry function 'f' for 'sm_90a'
                ptxas info    : Function properties for f
                ptxas         .     2400 bytes stack frame, 12 bytes spill stores, 24 bytes spill loads
                ptxas info    : Used 39 registers, used 0 barriers, 2400 bytes cumulative stack size
                ptxas info    : Compile time = 52.776 ms
                """;
        assertEquals(List.of(new ResourceUsage("_Z1kILi5EEvPf", "sm_90a", 10, 256, 0, 0, 0),
                new ResourceUsage("f", "sm_90a", 39, 0, 2400, 12, 24)), ResourceUsage.parse(log));
    }

    @Test
    void readsWhatCuda11PrintsAndPassesOverCalledFunctions() {
        String log = """
                ptxas info    : 0 bytes gmem, 12 bytes cmem[3]
                ptxas info    : Compiling entry function 'kernel' for 'sm_80'
                ptxas info    : Function properties for called
                    16 bytes stack frame, 4 bytes spill stores, 8 bytes spill loads
                ptxas info    : Function properties for kernel
                    32 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
                ptxas info    : Used 24 registers, 1024 bytes smem, 376 bytes cmem[0], 8 bytes cmem[2]
                """;
        assertEquals(List.of(new ResourceUsage("kernel", "sm_80", 24, 1024, 32, 0, 0)), ResourceUsage.parse(log));
    }

    @Test
    void logsWithoutReportsHaveNone() {
        assertEquals(List.of(), ResourceUsage.parse(""));
        assertEquals(List.of(), ResourceUsage.parse("ptxas info    : Compiling entry function 'cut' for 'sm_80'\n"));
    }
}
