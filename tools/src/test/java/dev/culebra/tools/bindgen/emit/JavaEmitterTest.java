package dev.culebra.tools.bindgen.emit;

import java.util.List;

import dev.culebra.tools.bindgen.LibrarySpec;
import dev.culebra.tools.bindgen.Origin;
import dev.culebra.tools.bindgen.model.CType;
import dev.culebra.tools.bindgen.model.Declaration;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JavaEmitterTest {
    private static final LibrarySpec SPEC = new LibrarySpec("Sample 1.0",
            Origin.ofJar("nowhere", "libsample.so", List.of()),
            new LibrarySpec.Target("sample", "sample", "SampleLibrary.SAMPLE"), List.of(), List.of(), List.of());

    @Test
    void namesThatDifferInCaseOnlyAreRefused() {
        CType.Function type = new CType.Function(new CType.Void(), List.of(), false);
        List<Declaration> clash = List.of(new Declaration.Callback("callback_t", "", type),
                new Declaration.Callback("Callback_t", "", type));
        assertThrows(IllegalArgumentException.class, () -> JavaEmitter.emit(SPEC, clash));
    }

    @Test
    void textsAreEscaped() {
        List<Declaration> text = List.of(new Declaration.Constant("TEXT", "#define TEXT \"\\u0041 */\"",
                new Declaration.TextValue("a\r\n\t\"\\\u00e9")));
        String source = JavaEmitter.emit(SPEC, text).get("sample.java");
        assertTrue(source.contains("String TEXT = \"a\\015\\012\\011\\\"\\\\\\u00e9\";"), source);
        assertTrue(source.contains("{@code #define TEXT \"\\ u0041 * /\"}"), source);
    }

    @Test
    void numbersThatJavaHasNoLiteralForAreMadeOfBits() {
        String source = JavaEmitter.emit(SPEC,
                List.of(new Declaration.Constant("A", "", new Declaration.FloatValue(Float.POSITIVE_INFINITY)),
                        new Declaration.Constant("B", "", new Declaration.DoubleValue(Double.NaN))))
                .get("sample.java");
        assertTrue(source.contains("float A = Float.intBitsToFloat(2139095040);"), source);
        assertTrue(source.contains("double B = Double.longBitsToDouble(9221120237041090560L);"), source);
    }
}
