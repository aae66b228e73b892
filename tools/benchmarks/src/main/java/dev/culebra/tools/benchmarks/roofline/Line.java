package dev.culebra.tools.benchmarks.roofline;

import java.util.Locale;
import java.util.OptionalLong;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.culebra.runtime.Precision;

/** A line of the results, one JSON object. Times are in seconds, and every line names the device that they hold for. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({@JsonSubTypes.Type(value = Setting.class, name = "setting"),
    @JsonSubTypes.Type(value = Line.Ceiling.class, name = "ceiling"),
    @JsonSubTypes.Type(value = Line.Result.class, name = "result"),
    @JsonSubTypes.Type(value = Line.Missing.class, name = "missing")})
public sealed interface Line permits Setting, Line.Ceiling, Line.Result, Line.Missing {
    /** Where it was measured; for a stand-in of a GPU a name that says so. */
    String device();

    /**
     * What the device can do at most.
     *
     * @param device as above
     * @param precision of the product
     * @param flopPerSecond of a large matrix product
     * @param bytesPerSecond of a large copy
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Ceiling(String device, Precision precision, double flopPerSecond,
            double bytesPerSecond) implements Line {
        static Ceiling of(String device, Precision precision, Ceilings ceilings) {
            return new Ceiling(device, precision, ceilings.flopPerSecond(), ceilings.bytesPerSecond());
        }
    }

    /**
     * How long a call took.
     *
     * @param device as above
     * @param operation what was called: an operation, or a run of the study
     * @param pass which call of it
     * @param sizes for people
     * @param precision of the arithmetic
     * @param flop what it has to compute
     * @param bytes what it has to move
     * @param seconds the middle of the readings
     * @param secondsLowest the fastest
     * @param secondsHighest the slowest
     * @param readings how many there were
     * @param callsEach how many calls each covers
     * @param bound {@code arithmetic} or {@code memory}, whichever ceiling takes longer
     * @param share of that ceiling that was reached
     * @param deviceMemoryBytes what the device had less of while a model was there, above its bare context
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Result(String device, String operation, String pass, String sizes, Precision precision, double flop,
            double bytes, double seconds, double secondsLowest, double secondsHighest, int readings, int callsEach,
            String bound, double share, OptionalLong deviceMemoryBytes) implements Line {
        static Result of(String device, Precision precision, Call call, Timer.Timing timing, Ceilings ceilings,
                OptionalLong deviceMemoryBytes) {
            double seconds = timing.seconds().median();
            return new Result(device, call.operation(), call.pass(), call.sizes(), precision, call.work().flop(),
                    call.work().bytes(), seconds, timing.seconds().lowest(), timing.seconds().highest(),
                    timing.readings(), timing.calls(),
                    ceilings.bound(call.work()).name().toLowerCase(Locale.ROOT), ceilings.share(call.work(), seconds),
                    deviceMemoryBytes);
        }
    }

    /**
     * What could not be measured.
     *
     * @param device as above
     * @param what of all that was to be measured
     * @param precision in which arithmetic
     * @param reason why
     */
    record Missing(String device, String what, Precision precision, String reason) implements Line {}
}
