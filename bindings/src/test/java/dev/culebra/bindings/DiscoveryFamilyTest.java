package dev.culebra.bindings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Libraries that belong together come from one folder, and no process holds two versions of them. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "skipped: the made-up libraries are for Linux")
class DiscoveryFamilyTest {
    private static final List<String> PARTS_OF_CUDNN = List.of("ops", "cnn", "adv");

    @TempDir
    private Path folder;

    private MadeMachine machine;

    @BeforeEach
    void make() throws IOException {
        machine = new MadeMachine(folder.toRealPath());
        machine.variable("CONDA_PREFIX", machine.path("conda")).variable("CUDA_HOME", machine.path("cuda"));
    }

    @Test
    void theMajorVersionOfTheBindingsIsTakenWhereverItIs() throws IOException, InterruptedException {
        machine.cublas("cuda/lib64", 12, 1200, 6);
        machine.cublas("conda/lib", 13, 1300, 7);
        assertEquals(List.of("1307 = cuBLAS (/conda/lib/libcublas.so.13, conda environment)"),
                machine.search("cublas"));
    }

    @Test
    void anotherMajorVersionIsTakenWhereThatIsNowhereAndSaysSo() throws IOException, InterruptedException {
        machine.cublas("cuda/lib64", 12, 1200, 6);
        assertEquals(List.of("1206 = cuBLAS (/cuda/lib64/libcublas.so.12, CUDA toolkit of CUDA_HOME); the bindings are "
                + "made for libcublas.so.13, another major version, which is nowhere"), machine.search("cublas"));
    }

    @Test
    void cublasComesFromTheFolderOfTheCublasLtThatIsLoaded() throws IOException, InterruptedException {
        machine.cublas("cuda/lib64", 13, 1300, 7);
        machine.cublas("conda/lib", 13, 2300, 8);
        machine.variable("CULEBRA_CUBLASLT_PATH", machine.path("conda/lib"));
        assertEquals(
                List.of("8 = cuBLASLt (/conda/lib/libcublasLt.so.13, named by CULEBRA_CUBLASLT_PATH)",
                        "2308 = cuBLAS (/conda/lib/libcublas.so.13, conda environment)"),
                machine.search("cublaslt", "cublas"));
    }

    @Test
    void cublasLtIsTheOneThatCublasHasLoaded() throws IOException, InterruptedException {
        machine.cublas("cuda/lib64", 13, 1300, 7);
        machine.cublas("conda/lib", 13, 2300, 8);
        machine.variable("CULEBRA_CUBLAS_PATH", machine.path("conda/lib"));
        assertEquals(
                List.of("2308 = cuBLAS (/conda/lib/libcublas.so.13, named by CULEBRA_CUBLAS_PATH)",
                        "8 = cuBLASLt (/conda/lib/libcublasLt.so.13, found by the dynamic linker)"),
                machine.search("cublas", "cublaslt"));
    }

    @Test
    void twoVersionsAreRefusedRatherThanMixed() throws IOException, InterruptedException {
        machine.cublas("cuda/lib64", 13, 1300, 7);
        machine.library("conda/lib/libcublasLt.so.13", 8);
        machine.variable("CULEBRA_CUBLASLT_PATH", machine.path("conda/lib"));
        String answer = String.join("\n", machine.search("cublaslt", "cublas"));
        assertTrue(
                answer.contains("/cuda/lib64/libcublas.so.13 (CUDA toolkit of CUDA_HOME): libcublasLt.so.13 is already "
                        + "loaded from /conda/lib, and two versions must not be mixed"),
                answer);
    }

    @Test
    void twoMajorVersionsAreNotMixedEither() throws IOException, InterruptedException {
        machine.cublas("cuda/lib64", 13, 1300, 7);
        machine.cublas("conda/lib", 12, 1200, 6);
        machine.variable("CULEBRA_CUBLASLT_PATH", machine.path("conda/lib"));
        List<String> answer = machine.search("cublaslt", "cublas");
        assertEquals("6 = cuBLASLt (/conda/lib/libcublasLt.so.12, named by CULEBRA_CUBLASLT_PATH)", answer.getFirst());
        assertTrue(answer.get(1).startsWith("1206 = cuBLAS (/conda/lib/libcublas.so.12, conda environment); "),
                answer.get(1));
    }

    @Test
    void whatTheLinkerFindsIsNotMixedEither() throws IOException, InterruptedException {
        machine.cublas("linker", 13, 1300, 7);
        machine.cublas("conda/lib", 13, 2300, 8);
        machine.variable("LD_LIBRARY_PATH", machine.path("linker")).variable("CULEBRA_CUBLASLT_PATH",
                machine.path("conda/lib"));
        assertEquals(
                List.of("8 = cuBLASLt (/conda/lib/libcublasLt.so.13, named by CULEBRA_CUBLASLT_PATH)",
                        "2308 = cuBLAS (/conda/lib/libcublas.so.13, conda environment)"),
                machine.search("cublaslt", "cublas"));
    }

    @Test
    void anIncompleteFamilyIsPassedOver() throws IOException, InterruptedException {
        machine.cublas("cuda/lib64", 13, 1300, 7);
        Files.delete(machine.path("cuda/lib64/libcublasLt.so.13"));
        machine.cublas("conda/lib", 13, 2300, 8);
        assertEquals(List.of("2308 = cuBLAS (/conda/lib/libcublas.so.13, conda environment)"),
                machine.search("cublas"));
        Files.delete(machine.path("conda/lib/libcublas.so.13"));
        String answer = String.join("\n", machine.search("cublas"));
        assertTrue(answer.contains("/cuda/lib64/libcublas.so.13 (CUDA toolkit of CUDA_HOME): libcublasLt.so.13 is not "
                + "beside it, and must come from the same folder"), answer);
    }

    @Test
    void cublasTakesTheCublasLtBesideItThoughTheLinkerKnowsAnother() throws IOException, InterruptedException {
        machine.cublas("cuda/lib64", 13, 1300, 7);
        machine.library("linker/libcublasLt.so.13", 9);
        machine.variable("LD_LIBRARY_PATH", machine.path("linker"));
        assertEquals(List.of("1307 = cuBLAS (/cuda/lib64/libcublas.so.13, CUDA toolkit of CUDA_HOME)"),
                machine.search("cublas"));
    }

    @Test
    void nvrtcFindsTheBuiltinsBesideItThoughTheLinkerKnowsOthers() throws IOException, InterruptedException {
        machine.library("cuda/lib64/libnvrtc-builtins.so.13.0", 7);
        machine.libraryOpening("libnvrtc-builtins.so.13.0", "cuda/lib64/libnvrtc.so.13", 1300);
        machine.library("linker/libnvrtc-builtins.so.13.0", 9);
        machine.variable("LD_LIBRARY_PATH", machine.path("linker"));
        assertEquals(List.of("1307 = NVRTC (/cuda/lib64/libnvrtc.so.13, CUDA toolkit of CUDA_HOME)"),
                machine.search("nvrtc"));
    }

    @Test
    void nvrtcWithoutItsBuiltinsIsRefused() throws IOException, InterruptedException {
        machine.library("cuda/lib64/libnvrtc.so.13", 1300);
        String answer = String.join("\n", machine.search("nvrtc"));
        assertTrue(
                answer.contains("/cuda/lib64/libnvrtc.so.13 (CUDA toolkit of CUDA_HOME): libnvrtc-builtins.so.13.* is "
                        + "not beside it, and must come from the same folder"),
                answer);
    }

    private void cudnn(String place, int value) throws IOException, InterruptedException {
        for (String part : PARTS_OF_CUDNN) {
            machine.library(place + "/libcudnn_" + part + ".so.9", value);
        }
        machine.library(place + "/libcudnn_graph.so.9", value);
        machine.libraryOpening("libcudnn_graph.so.9", place + "/libcudnn.so.9", 900);
    }

    @Test
    void cudnnTakesItsPartsFromItsOwnFolder() throws IOException, InterruptedException {
        cudnn("cuda/lib64", 24);
        machine.library("linker/libcudnn_graph.so.9", 11);
        machine.variable("LD_LIBRARY_PATH", machine.path("linker"));
        String answer = machine.search("cudnn").getFirst();
        assertTrue(answer.startsWith("924 = cuDNN (/cuda/lib64/libcudnn.so.9, CUDA toolkit of CUDA_HOME)"), answer);
    }

    @Test
    void cudnnWithAPartMissingIsRefused() throws IOException, InterruptedException {
        cudnn("cuda/lib64", 24);
        Files.delete(machine.path("cuda/lib64/libcudnn_adv.so.9"));
        String answer = String.join("\n", machine.search("cudnn"));
        assertTrue(answer
                .contains("/cuda/lib64/libcudnn.so.9 (CUDA toolkit of CUDA_HOME): libcudnn_adv.so.9 is not beside "
                        + "it, and must come from the same folder"),
                answer);
    }

    @Test
    void cudnnSaysWhichLibrariesItNeedsAreMissing() throws IOException, InterruptedException {
        cudnn("cuda/lib64", 24);
        machine.library("conda/lib/libcublasLt.so.13", 7);
        assertEquals(
                List.of("924 = cuDNN (/cuda/lib64/libcudnn.so.9, CUDA toolkit of CUDA_HOME); it needs NVRTC, which is "
                        + "missing: pip install nvidia-cuda-nvrtc"),
                machine.search("cudnn"));
    }
}
