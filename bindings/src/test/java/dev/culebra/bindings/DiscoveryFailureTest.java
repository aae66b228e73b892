package dev.culebra.bindings;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What cannot be loaded is told by name and reason, and the search goes on behind it. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "skipped: the made-up libraries are for Linux")
class DiscoveryFailureTest {
    private static final String FIRST = "cuda/lib64/libnccl.so.2";
    private static final String SECOND = "conda/lib/libnccl.so.2";
    private static final int OFFSET_OF_MACHINE = 18;

    @TempDir
    private Path folder;

    private MadeMachine machine;

    @BeforeEach
    void make() throws IOException {
        machine = new MadeMachine(folder.toRealPath());
        machine.variable("CONDA_PREFIX", machine.path("conda")).variable("CUDA_HOME", machine.path("cuda"));
        Files.createDirectories(machine.path(FIRST).getParent());
    }

    /** The file is passed over for the next; where there is no next, and where it is named, it is told. */
    private void assertRefused(String reason) throws IOException, InterruptedException {
        machine.library(SECOND, 2);
        assertEquals(List.of("2 = NCCL (/" + SECOND + ", conda environment)"), machine.search("nccl"));
        Files.delete(machine.path(SECOND));
        assertTold("/" + FIRST + " (CUDA toolkit of CUDA_HOME): " + reason);
        machine.variable("CULEBRA_NCCL_PATH", machine.path(FIRST));
        assertTold("/" + FIRST + " (named by CULEBRA_NCCL_PATH): " + reason);
    }

    private void assertTold(String line) throws IOException, InterruptedException {
        List<String> answer = machine.search("nccl");
        assertEquals("NCCL was not found on " + Platform.current() + ". Tried:", answer.getFirst());
        assertTrue(answer.contains("  " + line), () -> line + " is not in " + answer);
        assertEquals("To install it: pip install nvidia-nccl-cu13", answer.getLast());
    }

    @Test
    void aFileThatIsNoLibrary() throws IOException, InterruptedException {
        Path file = Files.writeString(machine.path(FIRST), "no library at all, ".repeat(20));
        assertRefused("it is no library (/" + FIRST + ": invalid ELF header)");
        Files.createFile(Files.createDirectories(machine.path("empty")).resolve("libnccl.so.2"));
        machine.variable("CULEBRA_NCCL_PATH", machine.path("empty"));
        assertTold("/empty/libnccl.so.2 (named by CULEBRA_NCCL_PATH): it is no library (/empty/libnccl.so.2: file too "
                + "short)");
        assertTrue(Files.exists(file));
    }

    @Test
    void aFileWhoseEndIsMissing() throws IOException, InterruptedException {
        Path file = machine.library(FIRST, 1);
        long whole = ElfHeader.read(file).orElseThrow().neededBytes();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, (int) whole - 1));
        assertRefused("it is cut short: " + (whole - 1) + " of at least " + whole + " bytes; install it again");
    }

    @Test
    void aFileWhoseEndIsMissingWhereTheLinkerLooks() throws IOException, InterruptedException {
        Path file = machine.library("linker/libnccl.so.2", 1);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 3));
        machine.library(SECOND, 2);
        machine.variable("LD_LIBRARY_PATH", machine.path("linker"));
        assertEquals(List.of("2 = NCCL (/" + SECOND + ", conda environment)"), machine.search("nccl"));
        machine.library("before/libnccl.so.2", 3);
        machine.variable("LD_LIBRARY_PATH", machine.path("before") + ":" + machine.path("linker"));
        assertEquals(List.of("3 = NCCL (/before/libnccl.so.2, found by the dynamic linker)"), machine.search("nccl"));
    }

    @Test
    void aLibraryForAnotherProcessor() throws IOException, InterruptedException {
        Path file = machine.library(FIRST, 1);
        boolean arm = Platform.current().processor().equals("arm64");
        byte[] bytes = Files.readAllBytes(file);
        bytes[OFFSET_OF_MACHINE] = (byte) (arm ? 62 : 183);
        Files.write(file, bytes);
        assertRefused(
                "it is for another processor: " + (arm ? "x86_64, not arm64" : "arm64, not x86_64") + " (/" + FIRST
                        + ": cannot open shared object file: No such file or directory)");
    }

    @Test
    void aLibraryThatNeedsOneThatIsMissing() throws IOException, InterruptedException {
        machine.library("cuda/lib64/libneeded.so.4", 3);
        machine.libraryNeeding("libneeded.so.4", FIRST, 1);
        Files.delete(machine.path("cuda/lib64/libneeded.so.4"));
        assertRefused("libneeded.so.4: cannot open shared object file: No such file or directory");
    }

    @Test
    void aLibraryThatTheLinkerFindsAndThatNeedsOneThatIsMissing() throws IOException, InterruptedException {
        machine.library("linker/libneeded.so.4", 3);
        machine.libraryNeeding("libneeded.so.4", "linker/libnccl.so.2", 1);
        Files.delete(machine.path("linker/libneeded.so.4"));
        machine.variable("LD_LIBRARY_PATH", machine.path("linker"));
        assertTold(
                "libnccl.so.2 (found by the dynamic linker): libneeded.so.4: cannot open shared object file: No such "
                        + "file or directory");
    }

    @Test
    void aLinkThatLeadsNowhere() throws IOException, InterruptedException {
        Files.createSymbolicLink(machine.path(FIRST), Path.of("libnccl.so.2.30.7"));
        assertRefused("it is a link that leads nowhere, to libnccl.so.2.30.7");
    }

    @Test
    void aLinkToItself() throws IOException, InterruptedException {
        Files.createSymbolicLink(machine.path(FIRST), Path.of("libnccl.so.2"));
        assertRefused("it is a link that leads nowhere, to libnccl.so.2");
    }

    @Test
    void aFolderOfTheLibrarysName() throws IOException, InterruptedException {
        Files.createDirectories(machine.path(FIRST));
        machine.library(SECOND, 2);
        assertEquals(List.of("2 = NCCL (/" + SECOND + ", conda environment)"), machine.search("nccl"));
        Files.delete(machine.path(SECOND));
        assertTold("/" + FIRST + " (CUDA toolkit of CUDA_HOME): it is a folder");
    }

    @Test
    void aFileThatMustNotBeRead() throws IOException, InterruptedException {
        Path file = machine.library(FIRST, 1);
        requireUnprivileged();
        assertTrue(file.toFile().setReadable(false, false));
        assertRefused("the permission to read it is missing");
    }

    @Test
    void aFolderThatMustNotBeLookedInto() throws IOException, InterruptedException {
        Path file = machine.library(FIRST, 1);
        requireUnprivileged();
        Path libraries = file.getParent();
        assertTrue(libraries.toFile().setExecutable(false, false));
        try {
            assertRefused("the permission to look into its folder is missing");
        } finally {
            assertTrue(libraries.toFile().setExecutable(true, true));
        }
    }

    private void requireUnprivileged() throws IOException, InterruptedException {
        try {
            machine.unprivileged().search();
        } catch (IOException absent) {
            Requirement.UNPRIVILEGED.missing("root cannot become another user here: there is no setpriv");
        }
    }

    @Test
    void aConfiguredPathThatLeadsNowhere() throws IOException, InterruptedException {
        machine.library(SECOND, 2);
        machine.variable("CULEBRA_NCCL_PATH", machine.path("nowhere.so"));
        assertEquals("""
                NCCL was not found on %s. Tried:
                  /nowhere.so (named by CULEBRA_NCCL_PATH): no such file
                To install it: pip install nvidia-nccl-cu13""".formatted(Platform.current()),
                String.join("\n", machine.search("nccl")));
    }

    /** The first bytes decide what is read of a file: whatever they are, reading ends and throws nothing. */
    @Test
    void aHeaderOfAnyBytesIsReadWithoutHarm() throws IOException {
        Random random = new Random(5);
        Path file = machine.path("header");
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[64 + random.nextInt(64)];
            random.nextBytes(bytes);
            ByteBuffer.wrap(bytes).putInt(0, 0x7f454c46).put(4, (byte) 2);
            if (i % 2 == 0) {
                bytes[54] = 56;
                bytes[55] = 0;
            }
            Files.write(file, bytes);
            ElfHeader header = ElfHeader.read(file).orElseThrow();
            assertEquals(bytes.length, header.presentBytes());
            assertTrue(header.neededBytes() >= 0, header.toString());
        }
    }
}
