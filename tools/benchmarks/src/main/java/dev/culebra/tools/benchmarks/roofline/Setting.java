package dev.culebra.tools.benchmarks.roofline;

import java.time.LocalDate;
import java.time.ZoneOffset;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.machine.DriverReport;
import dev.culebra.runtime.machine.GpuReport;
import dev.culebra.tools.benchmarks.Circumstances;

/**
 * What the numbers depend on.
 *
 * @param device the backend and what it says of itself; the stand-in for a GPU says there what it is
 * @param standIn whether it is that stand-in, whose times say nothing of any GPU
 * @param driver the driver's version
 * @param libraries NVIDIA's, each with its version
 * @param java the virtual machine's version
 * @param system the operating system and how many processors this process may use
 * @param commit the project's
 * @param command what was asked for
 * @param date in UTC
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Setting(String device, boolean standIn, String driver, String libraries, String java, String system,
        String commit, String command, String date) implements Line {

    /** That of this process. Where the backend is no GPU, driver and libraries have nothing to do with it and are not told. */
    static Setting of(Backend backend, String commit, String command) {
        boolean gpu = backend.name().startsWith("cuda");
        DriverReport driver = DriverReport.examine();
        boolean standIn = gpu && driver.gpus().stream().anyMatch(GpuReport::isStandIn);
        return new Setting(backend.name() + ": " + backend.description(), standIn,
                gpu ? driver.driverVersion().orElse("unknown") : "none", gpu ? Circumstances.nvidia() : "none",
                Runtime.version().toString(),
                System.getProperty("os.name") + ", " + Runtime.getRuntime().availableProcessors() + " processors",
                commit, command, LocalDate.now(ZoneOffset.UTC).toString());
    }

    /** In one line. */
    String text() {
        return "On " + device + "; driver " + driver + "; libraries: " + libraries + "; Java " + java + "; " + system
                + "; commit " + commit + "; " + date + "; `" + command + "`.";
    }
}
