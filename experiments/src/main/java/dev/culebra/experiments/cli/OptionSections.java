package dev.culebra.experiments.cli;

import java.lang.reflect.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Lists options in the help under headings, by the class that declares them. (Picocli's argument groups would do that
 * too, but there an option given twice silently resets the rest of its group.)
 */
final class OptionSections implements IHelpSectionRenderer {
    private static final Map<Class<?>, String> HEADINGS = headings();

    private static Map<Class<?>, String> headings() {
        Map<Class<?>, String> headings = new LinkedHashMap<>();
        headings.put(ModelOptions.class, "%nModel:%n");
        headings.put(OptimizationOptions.class, "%nOptimisation:%n");
        headings.put(DataOptions.class, "%nData:%n");
        headings.put(ExecutionOptions.class, "%nThe run:%n");
        headings.put(JsonOption.class, "%nOutput and help:%n");
        return headings;
    }

    @Override
    public String render(Help help) {
        Map<String, List<OptionSpec>> sections = help.commandSpec().options().stream()
                .collect(Collectors.groupingBy(OptionSections::heading));
        StringBuilder text = new StringBuilder(section(help, sections, ""));
        HEADINGS.values().forEach(heading -> text.append(section(help, sections, heading)));
        return text.toString();
    }

    private static String heading(OptionSpec option) {
        Class<?> declarer = option.userObject() instanceof Member member ? member.getDeclaringClass() : Object.class;
        return HEADINGS.getOrDefault(declarer == CommonOptions.class ? JsonOption.class : declarer, "");
    }

    private static String section(Help help, Map<String, List<OptionSpec>> sections, String heading) {
        List<OptionSpec> options = sections.getOrDefault(heading, List.of());
        if (options.isEmpty()) {
            return "";
        }
        Help.Layout layout = help.createDefaultLayout();
        layout.addOptions(options, help.createDefaultParamLabelRenderer());
        return help.createHeading(heading) + layout;
    }
}
