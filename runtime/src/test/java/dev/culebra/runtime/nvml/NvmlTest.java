package dev.culebra.runtime.nvml;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What {@link FakeNvml} is told. */
class NvmlTest {
    @TempDir
    private static Path folder;

    private static Map<String, String> answers;

    @BeforeAll
    static void askFakeNvml() throws Exception {
        answers = FakeNvml.ask(folder);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            no driver                  | NVML_ERROR_DRIVER_NOT_LOADED (9) from nvmlInit_v2: Driver Not Loaded
            sessions after failure     | 0
            sessions                   | 2
            sessions after closing one | 1
            device after closing       | Nvml is closed
            session after closing      | Nvml is closed
            sessions at the end        | 0
            """)
    void sessionsAreCounted(String question, String answer) {
        assertEquals(answer, answers.get(question));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            driver       | 580.65.06
            names        | [Fake H200, Fake T4]
            by uuid      | Fake T4
            by bus       | GPU-00000000-1111-2222-3333-444444444444
            unknown uuid | NVML_ERROR_NOT_FOUND (6) from nvmlDeviceGetHandleByUUID: Not Found
            """)
    void devicesAreFoundByWhatNamesThem(String question, String answer) {
        assertEquals(answer, answers.get(question));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            memory         | Memory[total=150000000000, used=50000000000, free=100000000000]
            utilization    | Optional[Utilization[gpu=37, memory=21]]
            power          | OptionalDouble[123.456]
            temperature    | OptionalInt[41]
            no utilization | Optional.empty
            no power       | OptionalDouble.empty
            no temperature | OptionalInt.empty
            no memory      | NVML_ERROR_NOT_SUPPORTED (3) from nvmlDeviceGetMemoryInfo: Not Supported
            """)
    void devicesTellWhatTheyMeasure(String question, String answer) {
        assertEquals(answer, answers.get(question));
    }

    @Test
    void unknownStatusIsANumber() {
        assertEquals("unknown status (12345) from nvmlDeviceGetTemperature: Unknown Error",
                answers.get("unknown status"));
        assertEquals("unknown status (777) from nvmlDeviceGetTemperature: ", answers.get("status without text"));
    }

    @ParameterizedTest
    @CsvSource({"alone, 5000000000", "with another, 5000000000", "in two parts, 5000000030", "longer list, 5000000034"})
    void processMemoryIsThatOfThisProcess(String question, String bytes) {
        assertEquals(bytes, answers.get(question));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hidden        | NVML lists 0 processes on this device, but not this one (PID)
            others only   | NVML lists 1 processes on this device, but not this one (PID)
            not accounted | does not account memory to processes
            outside       | its process ids are those outside of this container
            not supported | NVML does not list this device's processes (status 3)
            no permission | NVML does not list this device's processes (status 4)
            growing       | kept growing
            """)
    void processMemoryThatNvmlHidesHasAReason(String question, String part) {
        assertTrue(answers.get(question).contains(part), answers.get(question));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            idle process    | Optional.empty
            busy among two  | Optional[Utilization[gpu=10, memory=1]]
            busiest last    | Optional[Utilization[gpu=12, memory=3]]
            busy among many | Optional[Utilization[gpu=53, memory=44]]
            no samples      | Optional.empty
            no device       | NVML_ERROR_GPU_IS_LOST (15) from nvmlDeviceGetProcessUtilization: Unknown Error
            """)
    void processUtilizationIsTheLastSampleOfThisProcess(String question, String answer) {
        assertEquals(answer, answers.get(question));
    }

    @Test
    void processMemoryOfALostDeviceIsAFailure() {
        assertEquals("NVML_ERROR_GPU_IS_LOST (15) from nvmlDeviceGetComputeRunningProcesses_v3: Unknown Error",
                answers.get("gpu lost"));
    }

    @Test
    void processMemoryOfOlderDriversHasAReason(@TempDir Path old) throws Exception {
        String answer = FakeNvml.ask(old, "-DOLD_DRIVER").get("alone");
        assertTrue(answer.contains("has no symbol nvmlDeviceGetComputeRunningProcesses_v3"), answer);
    }
}
