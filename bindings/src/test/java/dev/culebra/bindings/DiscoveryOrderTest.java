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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The places where NVIDIA's libraries are looked for, and which comes first. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "skipped: the made-up libraries are for Linux")
class DiscoveryOrderTest {
    private static final String NCCL = "libnccl.so.2";
    private static final String SITE = "lib/python3.11/site-packages";

    @TempDir
    private Path folder;

    private MadeMachine machine;

    @BeforeEach
    void make() throws IOException {
        machine = new MadeMachine(folder.toRealPath());
    }

    private void assertFinds(int value, String place, String how) throws IOException, InterruptedException {
        assertEquals(List.of(value + " = NCCL (" + place + "/" + NCCL + ", " + how + ")"), machine.search("nccl"));
    }

    private void nccl(String place, int value) throws IOException, InterruptedException {
        machine.library(place.substring(1) + "/" + NCCL, value);
    }

    @Test
    void theOrderOfThePlaces() throws IOException, InterruptedException {
        nccl("/by/property", 1);
        nccl("/by/variable", 2);
        nccl("/linker", 3);
        nccl("/usr/local/cuda-13.0/lib64", 4);
        nccl("/home/user/.venv/" + SITE + "/nvidia/nccl/lib", 5);
        nccl("/conda/lib", 6);
        machine.variable("CONDA_PREFIX", machine.path("conda"));
        assertFinds(4, "/usr/local/cuda-13.0/lib64", "CUDA toolkit");
        machine.variable("LD_LIBRARY_PATH", machine.path("linker"));
        assertFinds(3, "/linker", "found by the dynamic linker");
        machine.variable("CULEBRA_NCCL_PATH", machine.path("by/variable"));
        assertFinds(2, "/by/variable", "named by CULEBRA_NCCL_PATH");
        machine.option("-Dculebra.nccl.path=" + machine.path("by/property"));
        assertFinds(1, "/by/property", "named by -Dculebra.nccl.path");
    }

    @Test
    void wheelsComeBeforeConda() throws IOException, InterruptedException {
        nccl("/home/user/.venv/" + SITE + "/nvidia/nccl/lib", 5);
        nccl("/conda/lib", 6);
        machine.variable("CONDA_PREFIX", machine.path("conda"));
        assertFinds(5, "/home/user/.venv/" + SITE + "/nvidia/nccl/lib", "pip wheel of .venv");
    }

    @Test
    void aConfiguredPathMayBeAFileOfAnyName() throws IOException, InterruptedException {
        Path file = machine.library("some/where/renamed.so", 7);
        machine.variable("CULEBRA_NCCL_PATH", file);
        assertEquals(List.of("7 = NCCL (/some/where/renamed.so, named by CULEBRA_NCCL_PATH)"), machine.search("nccl"));
    }

    @Test
    void aConfiguredFileMayHaveItsFullVersionInItsName() throws IOException, InterruptedException {
        machine.variable("CULEBRA_CUBLASLT_PATH", machine.library("some/where/libcublasLt.so.13.1.1.3", 7));
        assertEquals(List.of("7 = cuBLASLt (/some/where/libcublasLt.so.13.1.1.3, named by CULEBRA_CUBLASLT_PATH)"),
                machine.search("cublaslt"));
    }

    @ParameterizedTest
    @CsvSource({"CUDA_HOME, lib64", "CUDA_PATH, lib", "CUDA_HOME, targets/x86_64-linux/lib"})
    void aNamedToolkitComesBeforeTheUsualPlaces(String variable, String libraries)
            throws IOException, InterruptedException {
        String processor = Platform.current().processor().equals("arm64") ? "sbsa" : "x86_64";
        String place = "/opt/toolkit/" + libraries.replace("x86_64", processor);
        nccl("/usr/local/cuda-13.0/lib64", 4);
        nccl(place, 8);
        machine.variable(variable, machine.path("opt/toolkit"));
        assertFinds(8, place, "CUDA toolkit of " + variable);
    }

    @Test
    void theNewestToolkitOfSeveralIsTaken() throws IOException, InterruptedException {
        nccl("/usr/local/cuda-9.2/lib64", 9);
        nccl("/usr/local/cuda-13.2/lib64", 132);
        nccl("/usr/local/cuda-12.10/lib64", 1210);
        Files.createSymbolicLink(machine.path("usr/local/cuda"), machine.path("usr/local/cuda-12.10"));
        Files.createDirectories(machine.path("usr/local/cuda-backup-20260102030405"));
        assertFinds(132, "/usr/local/cuda-13.2/lib64", "CUDA toolkit");
    }

    @Test
    void bothLayoutsOfWheelsAreFoundInTheActiveEnvironment() throws IOException, InterruptedException {
        String site = "work/env/" + SITE + "/nvidia";
        machine.cublas(site + "/cu13/lib", 13, 1300, 7);
        machine.library(site + "/nccl/lib/" + NCCL, 5);
        machine.cublas(site + "/cublas/lib", 12, 1200, 6);
        machine.variable("VIRTUAL_ENV", machine.path("work/env"));
        assertEquals(
                List.of("1307 = cuBLAS (/" + site + "/cu13/lib/libcublas.so.13, pip wheel of VIRTUAL_ENV)",
                        "5 = NCCL (/" + site + "/nccl/lib/libnccl.so.2, pip wheel of VIRTUAL_ENV)"),
                machine.search("cublas", "nccl"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"env", "env/" + SITE, "env/bin/python3"})
    void aNamedEnvironmentComesBeforeTheActiveOne(String named) throws IOException, InterruptedException {
        nccl("/env/" + SITE + "/nvidia/nccl/lib", 1);
        nccl("/active/" + SITE + "/nvidia/nccl/lib", 2);
        Files.createDirectories(machine.path("env/bin"));
        Files.createFile(machine.path("env/bin/python3"));
        Files.createFile(machine.path("env/pyvenv.cfg"));
        machine.variable("VIRTUAL_ENV", machine.path("active")).variable("CULEBRA_PYTHON", machine.path(named));
        assertFinds(1, "/env/" + SITE + "/nvidia/nccl/lib", "pip wheel named by CULEBRA_PYTHON");
    }

    @ParameterizedTest
    @CsvSource({"usr/lib/python3/dist-packages, of the system", "usr/local/" + SITE + ", of the system",
        "home/user/.local/" + SITE + ", of the user", "home/.venv/" + SITE + ", of .venv"})
    void wheelsAreFoundWithoutAnyVariable(String site, String how) throws IOException, InterruptedException {
        nccl("/" + site + "/nvidia/nccl/lib", 3);
        assertFinds(3, "/" + site + "/nvidia/nccl/lib", "pip wheel " + how);
    }

    @Test
    void wheelsAreFoundByPythonOnThePathAndByPythonPath() throws IOException, InterruptedException {
        nccl("/python/" + SITE + "/nvidia/nccl/lib", 1);
        Files.createDirectories(machine.path("python/bin"));
        Files.createFile(machine.path("python/bin/python3"));
        machine.variable("PATH", machine.path("none") + ":" + machine.path("python/bin"));
        assertFinds(1, "/python/" + SITE + "/nvidia/nccl/lib", "pip wheel of python on PATH");
        nccl("/extra/nvidia/nccl/lib", 2);
        machine.variable("PYTHONPATH", machine.path("extra"));
        assertFinds(2, "/extra/nvidia/nccl/lib", "pip wheel of PYTHONPATH");
    }

    @Test
    void condaHasLibrariesInTwoFolders() throws IOException, InterruptedException {
        String target = Platform.current().processor().equals("arm64") ? "sbsa-linux" : "x86_64-linux";
        nccl("/conda/targets/" + target + "/lib", 2);
        machine.variable("CONDA_PREFIX", machine.path("conda"));
        assertFinds(2, "/conda/targets/" + target + "/lib", "conda environment");
        nccl("/conda/lib", 1);
        assertFinds(1, "/conda/lib", "conda environment");
    }

    @Test
    void theDriverIsNotLookedForWhereToolkitsAre() throws IOException, InterruptedException {
        machine.library("usr/local/cuda/lib64/libcuda.so.1", 1);
        assertEquals("the CUDA driver was not found on " + Platform.current() + ". Tried:",
                machine.search("cuda").getFirst());
        machine.library("usr/lib/wsl/lib/libcuda.so.1", 2);
        assertEquals(List.of("2 = the CUDA driver (/usr/lib/wsl/lib/libcuda.so.1, driver of Windows in WSL)"),
                machine.search("cuda"));
    }

    @Test
    void aMissingLibraryTellsAllPlacesAndOneCommand() throws IOException, InterruptedException {
        Files.createDirectories(machine.path("usr/local/cuda-13.0/lib64"));
        Files.createDirectories(machine.path("home/user/.venv/" + SITE + "/nvidia/cublas/lib"));
        assertEquals("""
                cuBLAS was not found on %s. Tried:
                  -Dculebra.cublas.path and CULEBRA_CUBLAS_PATH: not set
                  libcublas.so.13: unknown to the dynamic linker
                  /usr/local/cuda-13.0/lib64 (CUDA toolkit): no libcublas.so.13, libcublas.so.12
                  /home/user/.venv/%2$s/nvidia/cublas/lib (pip wheel of .venv): no libcublas.so.13, libcublas.so.12
                  conda: no environment is active (CONDA_PREFIX)
                  org/bytedeco/cuda/%1$s/libcublas.so.13: in no jar on the class path
                  libcublas.so.12: unknown to the dynamic linker
                  org/bytedeco/cuda/%1$s/libcublas.so.12: in no jar on the class path
                To install it: pip install nvidia-cublas""".formatted(Platform.current(), SITE),
                String.join("\n", machine.search("cublas")));
    }
}
