package dev.culebra.experiments.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads one of several values by its label, in upper or lower case.
 *
 * @param <T> the type of the values
 * @param values what there is to choose from
 * @param label what each is called
 */
record Choice<T>(List<T> values, Function<T, String> label) implements ITypeConverter<T> {
    @Override
    public T convert(String text) {
        List<String> labels = values.stream().map(label).toList();
        return values.stream().filter(value -> label.apply(value).equals(text.toLowerCase(Locale.ROOT))).findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is not one of "
                        + String.join(", ", labels) + Suggestions.among(labels, text)));
    }
}
