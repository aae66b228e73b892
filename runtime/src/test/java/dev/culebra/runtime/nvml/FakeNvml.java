package dev.culebra.runtime.nvml;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.testing.AnotherJvm;
import dev.culebra.testing.MadeLibrary;
import dev.culebra.testing.Requirement;

/**
 * Asks a made-up libnvidia-ml whose values are known, {@code src/test/nvml/fake_nvml.c}, and prints what comes back: in a
 * virtual machine of its own, since this one may have loaded another.
 */
final class FakeNvml {
    private static final long PID = ProcessHandle.current().pid();
    private static final long OTHER = ProcessHandle.current().parent().orElseThrow().pid();

    private FakeNvml() {}

    /** Compiles the library and returns what was printed: an answer for each question. */
    static Map<String, String> ask(Path folder, String... compilerOptions) throws IOException, InterruptedException {
        Path library = folder.resolve("libnvidia-ml.so.1");
        List<String> flags = new ArrayList<>(List.of(compilerOptions));
        flags.add("-I" + Requirement.source("../tools/bindgen/headers"));
        MadeLibrary.compile(library, Files.readString(Requirement.source("src/test/nvml/fake_nvml.c")),
                flags.toArray(String[]::new));
        String output = AnotherJvm.output(AnotherJvm.of(FakeNvml.class, "-Dculebra.nvml.path=" + library));
        Map<String, String> answers = new LinkedHashMap<>();
        output.lines().map(line -> line.split(" = ", 2)).forEach(answer -> answers.put(answer[0], answer[1]));
        Files.delete(library);
        return answers;
    }

    public static void main(String[] arguments) {
        fail("nvmlInit_v2", 9);
        answer("no driver", Nvml::open);
        fail("", 0);
        answer("sessions after failure", FakeNvml::sessions);
        Nvml first = Nvml.open();
        NvmlDevice ofFirst = first.devices().getFirst();
        try (Nvml nvml = Nvml.open()) {
            answer("sessions", FakeNvml::sessions);
            first.close();
            first.close();
            answer("sessions after closing one", FakeNvml::sessions);
            answer("device after closing", ofFirst::memory);
            answer("session after closing", first::devices);
            askSession(nvml);
            askDevice(nvml.deviceByUuid("GPU-00000000-1111-2222-3333-444444444444"));
            askProcesses(nvml.deviceByPciBusId("00000000:65:00.0"));
        }
        answer("sessions at the end", FakeNvml::sessions);
    }

    private static void askSession(Nvml nvml) {
        answer("driver", nvml::driverVersion);
        answer("names", () -> nvml.devices().stream().map(NvmlDevice::name).toList());
        answer("by uuid", () -> nvml.deviceByUuid("GPU-55555555-6666-7777-8888-999999999999").name());
        answer("by bus", () -> nvml.deviceByPciBusId("00000000:17:00.0").uuid());
        answer("unknown uuid", () -> nvml.deviceByUuid("GPU-0"));
    }

    private static void askDevice(NvmlDevice device) {
        answer("memory", device::memory);
        answer("utilization", device::utilization);
        answer("power", device::power);
        answer("temperature", device::temperature);
        failing("nvmlDeviceGetUtilizationRates", 3, "no utilization", device::utilization);
        failing("nvmlDeviceGetPowerUsage", 3, "no power", device::power);
        failing("nvmlDeviceGetTemperature", 3, "no temperature", device::temperature);
        failing("nvmlDeviceGetMemoryInfo", 3, "no memory", device::memory);
        failing("nvmlDeviceGetTemperature", 12345, "unknown status", device::temperature);
        failing("nvmlDeviceGetTemperature", 777, "status without text", device::temperature);
        answer("idle process", device::processUtilization);
    }

    private static void askProcesses(NvmlDevice device) {
        answer("hidden", device::processMemory);
        add(PID, 5_000_000_000L);
        answer("alone", device::processMemory);
        add(OTHER, 1_000_000_000L);
        answer("with another", device::processMemory);
        answer("busy among two", device::processUtilization);
        add(PID, 30);
        answer("in two parts", device::processMemory);
        answer("busiest last", device::processUtilization);
        for (int i = 0; i < 40; i++) {
            add(OTHER, 1);
        }
        add(PID, 4);
        answer("longer list", device::processMemory);
        answer("busy among many", device::processUtilization);
        failing("nvmlDeviceGetProcessUtilization", 3, "no samples", device::processUtilization);
        failing("nvmlDeviceGetProcessUtilization", 15, "no device", device::processUtilization);
        failing("nvmlDeviceGetComputeRunningProcesses_v3", 3, "not supported", device::processMemory);
        failing("nvmlDeviceGetComputeRunningProcesses_v3", 4, "no permission", device::processMemory);
        failing("nvmlDeviceGetComputeRunningProcesses_v3", 15, "gpu lost", device::processMemory);
        call("fake_clear_processes", FunctionDescriptor.ofVoid());
        add(OTHER, 1_000_000_000L);
        answer("others only", device::processMemory);
        add(PID, -1);
        answer("not accounted", device::processMemory);
        add(Integer.MAX_VALUE, 7);
        answer("outside", device::processMemory);
        if (NativeLibraries.NVML.load().symbols().find("nvmlDeviceGetComputeRunningProcesses_v3").isPresent()) {
            call("fake_grow", FunctionDescriptor.ofVoid(Native.C_INT), 1);
            answer("growing", device::processMemory);
        }
    }

    private static void failing(String function, int status, String question, Supplier<Object> asked) {
        fail(function, status);
        answer(question, asked);
        fail("", 0);
    }

    private static void answer(String question, Supplier<Object> asked) {
        Object answer;
        try {
            answer = asked.get();
        } catch (NvmlException | IllegalStateException failure) {
            answer = failure.getMessage();
        }
        if (answer instanceof ProcessMemory(OptionalLong bytes, String reason)) {
            answer = bytes.isPresent() ? bytes.getAsLong() : reason.replace(Long.toString(PID), "PID");
        }
        System.out.println(question + " = " + answer);
    }

    private static void fail(String function, int status) {
        try (Arena arena = Arena.ofConfined()) {
            call("fake_fail", FunctionDescriptor.ofVoid(Native.C_POINTER, Native.C_INT), arena.allocateFrom(function),
                    status);
        }
    }

    private static void add(long pid, long bytes) {
        call("fake_add_process", FunctionDescriptor.ofVoid(Native.C_INT, Native.C_LONG_LONG), (int) pid, bytes);
    }

    private static Object sessions() {
        return call("fake_sessions", FunctionDescriptor.of(Native.C_INT));
    }

    private static Object call(String function, FunctionDescriptor descriptor, Object... arguments) {
        try {
            return NativeLibraries.NVML.function(function, descriptor).invokeWithArguments(arguments);
        } catch (Throwable failure) {
            throw Native.failure(function, failure);
        }
    }
}
