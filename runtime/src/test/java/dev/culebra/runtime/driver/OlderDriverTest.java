package dev.culebra.runtime.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.culebra.runtime.standin.DeviceCode;
import dev.culebra.runtime.standin.StandIn;
import dev.culebra.testing.AnotherJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A driver of CUDA 12.0 lacks what later ones have; nothing that is needed fails for that. */
class OlderDriverTest extends OnDevice {
    @Test
    void driverWithoutTheLatestFunctionsWorks(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(StandIn.isActive(), "skipped: it takes the stand-in to lack a function");
        Path older = Files.write(folder.resolve("libcuda.so.1"), without(
                Files.readAllBytes(Path.of(System.getProperty("culebra.cuda.path"))), "cuEventElapsedTime_v2",
                "cuFuncGetParamInfo"));
        Path image = Files.write(folder.resolve("image"),
                DeviceCode.compile("older", "extern \"C\" __global__ void nothing(int) {}\n",
                        context.device()));
        ProcessBuilder process = AnotherJvm.of(Program.class, "-Dculebra.cuda.path=" + older);
        process.command().add(image.toString());
        assertEquals("time true\nlaunched\n", AnotherJvm.output(process));
    }

    /** The library with other names for some of its functions, so that nobody finds them. */
    private static byte[] without(byte[] library, String... functions) {
        String text = new String(library, StandardCharsets.ISO_8859_1);
        for (String function : functions) {
            String other = function.substring(0, function.length() - 1) + "#";
            text = text.replace("\0" + function + "\0", "\0" + other + "\0");
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Uses what an older driver does otherwise. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws IOException {
            try (Context context = Context.of(Device.of(0));
                    Stream stream = Stream.create(context);
                    Event start = Event.withTiming(context);
                    Event end = Event.withTiming(context);
                    Module module = Module.load(context, Files.readAllBytes(Path.of(arguments[0])))) {
                start.record(stream);
                end.record(stream);
                System.out.println("time " + (end.millisecondsSince(start) >= 0));
                module.kernel("nothing", ParameterType.INT).launch(Dim3.of(1), Dim3.of(1)).set(0, 1).launch(stream);
                stream.synchronize();
                System.out.println("launched");
            }
        }
    }
}
