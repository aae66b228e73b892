package dev.culebra.experiments.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.culebra.experiments.data.BreakMode;
import dev.culebra.experiments.data.SplitName;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.experiments.study.ModelKind;
import dev.culebra.experiments.study.OptimizerKind;
import dev.culebra.experiments.study.Schedule;
import dev.culebra.nn.Gelu;
import dev.culebra.runtime.Precision;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The command line: all commands, with the types and defaults of their options. */
public final class Commands {
    /** Settings whose default depends on another one. */
    private static final Set<String> DEPENDENT = Set.of("model", "weight-decay");
    /** The same where several runs are made, each with its own. */
    private static final Set<String> DEPENDENT_OR_EACH_RUNS_OWN = Set.of("model", "weight-decay", "layers",
            "optimizer");

    private Commands() {}

    /**
     * Runs a command.
     *
     * @return its exit code: 0 done, 1 failed, 2 bad usage or bad input, 130 interrupted
     */
    public static int run(Console console, String... arguments) {
        ErrorReport report = new ErrorReport(console.err(), List.of(arguments));
        if (List.of(arguments).equals(List.of("doctor"))) {
            return examine(console, report);
        }
        CommandLine commands = create(console, List.of(arguments));
        commands.setExecutionExceptionHandler((failure, _, _) -> report.failure(failure));
        commands.setParameterExceptionHandler((failure, _) -> report.usage(failure));
        try {
            return commands.execute(arguments);
        } catch (Error e) {
            return report.failure(e);
        }
    }

    /** The doctor without options: to make a command line that parses none takes a tenth of its time. */
    private static int examine(Console console, ErrorReport report) {
        try {
            return new DoctorCommand(console, Examination.start()::findings).call();
        } catch (RuntimeException | Error e) {
            return report.failure(e);
        }
    }

    /**
     * The command line, which writes to {@code console}.
     *
     * @param arguments what it is made for: if they start with a command, the others are left out, since each costs time
     */
    static CommandLine create(Console console, List<String> arguments) {
        Map<String, Supplier<CommandLine>> commands = commands(console, findings(arguments));
        boolean one = !arguments.isEmpty() && commands.containsKey(arguments.getFirst());
        CommandLine root = new CommandLine(new RootCommand());
        for (String name : one ? List.of(arguments.getFirst()) : commands.keySet()) {
            root.addSubcommand(name, commands.get(name).get());
        }
        registerTypes(root);
        root.getSubcommands().values().forEach(command -> command.getHelpSectionMap()
                .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, new OptionSections()));
        root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, groups());
        root.getHelpSectionMap().remove(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING);
        return root.setOut(writer(console.out())).setErr(writer(console.err())).setUsageHelpAutoWidth(true)
                .setExpandAtFiles(false);
    }

    /** What the doctor tells; where it is asked for by its name, the search begins while options are still read. */
    private static Supplier<List<Finding>> findings(List<String> arguments) {
        return !arguments.isEmpty() && arguments.getFirst().equals("doctor")
                ? Examination.start()::findings
                : () -> Examination.start().findings();
    }

    /** All commands by name, in the order of the help. */
    private static Map<String, Supplier<CommandLine>> commands(Console console, Supplier<List<Finding>> findings) {
        Map<String, Supplier<CommandLine>> commands = new LinkedHashMap<>();
        for (Experiment experiment : Experiment.values()) {
            commands.put(experiment.toString(), () -> {
                CommandLine command = new CommandLine(new ExperimentCommand(experiment, console));
                describe(command.getCommandSpec().usageMessage(), experiment);
                return withDefaults(command, Configuration.of(experiment), DEPENDENT);
            });
        }
        commands.put("all", () -> withDefaults(new CommandLine(new AllCommand(console)),
                Configuration.of(Experiment.EXP1), DEPENDENT_OR_EACH_RUNS_OWN));
        commands.put("train", () -> withDefaults(new CommandLine(new TrainCommand(console)),
                Configuration.of(ModelKind.LSTM), DEPENDENT));
        commands.put("evaluate", () -> {
            CommandLine evaluate = new CommandLine(new EvaluateCommand(console));
            evaluate.getCommandSpec().usageMessage().showDefaultValues(true).abbreviateSynopsis(true);
            return evaluate;
        });
        commands.put("generate", () -> {
            CommandLine generate = new CommandLine(new GenerateCommand(console));
            generate.getCommandSpec().usageMessage().showDefaultValues(true).abbreviateSynopsis(true);
            return generate;
        });
        commands.put("report", () -> new CommandLine(new ReportCommand(console)));
        commands.put("data", () -> {
            CommandLine data = new CommandLine(new DataCommand());
            CommandLine prepare = new CommandLine(new PrepareCommand(console));
            prepare.getCommandSpec().usageMessage().abbreviateSynopsis(true);
            return data.addSubcommand(prepare).addSubcommand(withDefaults(
                    new CommandLine(new EmbeddingsCommand(console)), EmbeddingsCommand.configuration(), DEPENDENT));
        });
        commands.put("doctor", () -> new CommandLine(new DoctorCommand(console, findings)));
        commands.put("completion",
                () -> new CommandLine(new CompletionCommand(console, () -> create(console, List.of()))));
        return commands;
    }

    private static void describe(UsageMessageSpec usage, Experiment experiment) {
        usage.description("%s, %d %s%s, %s.".formatted(experiment.model() == ModelKind.LSTM ? "LSTM" : "MiniGPT1",
                experiment.layers(), experiment.model() == ModelKind.LSTM ? "layer" : "block",
                experiment.layers() == 1 ? "" : "s", experiment.optimizer()));
        usage.footer("", "Examples:", "  java -jar experiments.jar " + experiment,
                "  java -jar experiments.jar " + experiment + " --data wikitext-2 --precision bf16",
                "  java -jar experiments.jar " + experiment + " --resume");
    }

    private static CommandLine withDefaults(CommandLine command, Configuration configuration, Set<String> left) {
        command.getCommandSpec().usageMessage().showDefaultValues(true).abbreviateSynopsis(true);
        return command.setDefaultValueProvider(new ConfigurationDefaults(configuration, left));
    }

    private static CommandGroups groups() {
        return new CommandGroups()
                .add("The study's runs", Arrays.stream(Experiment.values()).map(Experiment::toString).toList())
                .add("Several runs, other runs, and what came of them",
                        List.of("all", "train", "evaluate", "generate", "report"))
                .add("Data", List.of("data")).add("This machine", List.of("doctor", "completion"));
    }

    private static void registerTypes(CommandLine root) {
        register(root, ModelKind.class, ModelKind.values(), ModelKind::toString);
        register(root, OptimizerKind.class, OptimizerKind.values(), OptimizerKind::toString);
        register(root, Schedule.class, Schedule.values(), Schedule::toString);
        register(root, BreakMode.class, BreakMode.values(), BreakMode::toString);
        register(root, SplitName.class, SplitName.values(), SplitName::toString);
        register(root, Gelu.class, Gelu.values(), Gelu::label);
        register(root, Precision.class, Candidates.PRECISIONS.toArray(Precision[]::new), Precision::label);
        register(root, CompletionCommand.Shell.class, CompletionCommand.Shell.values(),
                CompletionCommand.Shell::toString);
    }

    private static <T> void register(CommandLine root, Class<T> type, T[] values, Function<T, String> label) {
        root.registerConverter(type, new Choice<>(List.of(values), label));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }
}
