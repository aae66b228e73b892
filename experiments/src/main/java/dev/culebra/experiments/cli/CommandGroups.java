package dev.culebra.experiments.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.IHelpSectionRenderer;

/** Lists commands in the help by what they are for. */
final class CommandGroups implements IHelpSectionRenderer {
    private static final int NAME_WIDTH = 12;

    private final Map<String, List<String>> groups = new LinkedHashMap<>();

    /** Adds a group of commands under a heading. */
    CommandGroups add(String heading, List<String> commands) {
        groups.put(heading, commands);
        return this;
    }

    @Override
    public String render(Help help) {
        StringBuilder text = new StringBuilder();
        groups.forEach((heading, commands) -> text.append(help.createHeading("%n" + heading + ":%n"))
                .append(table(help, commands)));
        return text.toString();
    }

    private static String table(Help help, List<String> commands) {
        int width = help.commandSpec().usageMessage().width();
        TextTable table = TextTable.forColumns(help.colorScheme(), new Column(NAME_WIDTH, 2, Overflow.SPAN),
                new Column(width - NAME_WIDTH, 2, Overflow.WRAP));
        Map<String, CommandLine> all = help.commandSpec().subcommands();
        for (String command : commands) {
            String description = String.join(" ", all.get(command).getCommandSpec().usageMessage().description());
            table.addRowValues(help.colorScheme().commandText(command), help.colorScheme().text(description));
        }
        return table.toString();
    }
}
