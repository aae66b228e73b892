package dev.culebra.experiments.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints what makes a shell complete this program's command lines. */
@Command(name = "completion", sortOptions = false, description = "Prints a script with which bash or zsh completes "
        + "commands, options and their values.", footer = {"",
            "A shell completes the words of a command by its name, and 'java -jar ...' is",
            "not this program's. So the script also defines the function culebra, which",
            "runs this jar, unless there is a command of that name: afterwards, type",
            "culebra exp1 --dev and press Tab.", "", "Examples:",
            "  java -jar experiments.jar completion bash > ~/.culebra.bash",
            "      then add to ~/.bashrc the line:  source ~/.culebra.bash",
            "  java -jar experiments.jar completion zsh > ~/.culebra.zsh",
            "      then add to ~/.zshrc the line:  source ~/.culebra.zsh"})
final class CompletionCommand implements Callable<Integer> {
    private static final String NAME = "culebra";

    private final Console console;
    private final Supplier<CommandLine> program;

    /** Whose script is wanted. */
    enum Shell {
        BASH, ZSH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "SHELL", arity = "0..1", defaultValue = "bash", description = "bash or zsh (bash unless given).")
    private Shell shell;

    @Mixin
    private CommonOptions common;

    /** @param program the whole command line */
    CompletionCommand(Console console, Supplier<CommandLine> program) {
        this.console = console;
        this.program = program;
    }

    @Override
    public Integer call() {
        // In zsh the script asks for bash's way of completion; what differs is where its user sources it.
        console.out().println("# Source this in ~/." + shell + "rc.");
        console.out()
                .println("command -v " + NAME + " >/dev/null 2>&1 || " + NAME + "() { java -jar " + CommandText.jar()
                        + " \"$@\"; }");
        console.out().println(AutoComplete.bash(NAME, program.get()));
        return ExitCode.DONE;
    }
}
