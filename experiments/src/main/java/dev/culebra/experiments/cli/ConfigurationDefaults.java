package dev.culebra.experiments.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.study.Configuration;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Gives each command's options the defaults of its own configuration, which its help then shows. */
final class ConfigurationDefaults implements IDefaultValueProvider {
    private final Map<String, JsonNode> settings;
    private final Set<String> left;

    /**
     * Defaults from {@code configuration}.
     *
     * @param left the settings that depend on others or on files, and are left to them unless given
     */
    ConfigurationDefaults(Configuration configuration, Set<String> left) {
        this.settings = configuration.settings();
        this.left = left;
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        String name = argument instanceof OptionSpec option ? option.longestName().replaceFirst("^--", "") : "";
        JsonNode value = settings.get(name);
        // Null is how picocli wants to hear that there is no default.
        return value == null || value.isNull() || value.isBoolean() || left.contains(name) ? null : text(value);
    }

    private static String text(JsonNode value) {
        List<String> elements = new ArrayList<>();
        value.forEach(element -> elements.add(text(element)));
        return value.isArray() ? String.join(",", elements) : value.isNumber() ? number(value) : value.asText();
    }

    /** As people write it: {@code 1e-8}, {@code 0.9}, {@code 16}. */
    private static String number(JsonNode value) {
        return value.isIntegralNumber()
                ? value.asText()
                : value.decimalValue().stripTrailingZeros().toString().toLowerCase(Locale.ROOT);
    }
}
