package dev.culebra.experiments.run;

import java.lang.module.ModuleDescriptor;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.culebra.runtime.Backend;

/**
 * With what, where and when a run was started, or continued: one entry of {@code config.json} for each time. A run may go on
 * with other versions or on another machine than it began with; this tells.
 *
 * @param started the time, UTC, as ISO 8601 has it
 * @param step the steps the run had made before
 * @param command the command line, without what addresses may hold of names and passwords
 * @param culebra the version of this program
 * @param java that of Java
 * @param system the operating system
 * @param processor the processor, and how much of it Java may use
 * @param device the backend's name
 * @param deviceDescription what that is: a GPU's name, for example
 * @param libraries versions of the native libraries that the backend computes with
 */
@JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
record Provenance(String started, long step, String command, String culebra, String java, String system,
        String processor, String device, String deviceDescription, Map<String, String> libraries) {

    /**
     * That of this moment.
     *
     * @param step the steps the run has made
     * @param command the command line
     * @param backend what it computes on
     */
    static Provenance of(long step, String command, Backend backend) {
        return new Provenance(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), step,
                withoutCredentials(command), ownVersion(), Runtime.version().toString(), Machine.system(),
                Machine.processor(), backend.name(), backend.description(), backend.libraryVersions());
    }

    static String withoutCredentials(String command) {
        return command.replaceAll("(?<=://)[^/?#\\s]+@", "");
    }

    /** The jar's manifest says it, or the module; classes by themselves do not. */
    private static String ownVersion() {
        return Optional.ofNullable(Provenance.class.getPackage().getImplementationVersion())
                .or(() -> Optional.ofNullable(Provenance.class.getModule().getDescriptor())
                        .flatMap(ModuleDescriptor::rawVersion))
                .orElse("unpackaged");
    }
}
