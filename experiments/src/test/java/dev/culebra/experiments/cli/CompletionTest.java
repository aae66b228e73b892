package dev.culebra.experiments.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A shell that has sourced the script completes command lines. */
class CompletionTest {
    /** What bash itself does when Tab is pressed behind these words, of which the last may be empty. */
    private static final String BASH = """
            source "$1"
            compopt() { :; }
            shift
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            COMPREPLY=()
            _complete_culebra
            printf '%s\\n' "${COMPREPLY[@]}"
            """;
    /** A terminal of its own, in which Tab is pressed twice, as a list comes at the second; it ends once that is there. */
    private static final String ZSH = """
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "PS1=; unsetopt zle_bracketed_paste; autoload -Uz compinit && compinit -u; source $1; echo re''ady"
            zpty -r shell output '*ready*'
            zpty -w -n shell "$2"$'\\t\\t'
            setopt extendedglob
            integer quiet=0
            all= plain=
            while [[ $plain != *"$3"* ]] && (( quiet < 600 )); do
              if zpty -r -t shell output; then all+=$output; quiet=0; else sleep 0.1; quiet+=1; fi
              plain=${all//$'\\e['[0-9;?]#[a-zA-Z]/}
            done
            print -rn -- "$plain"
            zpty -d shell
            """;

    @TempDir
    Path folder;

    private Path script(String shell) throws IOException {
        return Files.writeString(folder.resolve("completion." + shell),
                Program.run("completion " + shell).assertDone().out());
    }

    private static String run(Requirement shell, String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            shell.missing(command[0] + " does not start");
            throw e;
        }
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), output);
        return output;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "culebra exp | exp1 exp2 exp3 exp4 exp5 exp6 exp7 exp8 exp9 exp10 exp11 exp12", "culebra do | doctor",
        "culebra data e | embeddings", "culebra exp1 --dev | --device",
        "culebra exp1 --device '' | auto cuda cpu reference", "culebra all --precision b | bf16",
        "culebra train --optimizer a | adam adamw", "culebra evaluate --split v | validation",
        "culebra exp5 --gelu '' | exact tanh", "culebra train --model '' | lstm gpt1",
        "culebra exp1 --schedule li | linear", "culebra completion '' | bash zsh"})
    void bashCompletes(String typed, String offered) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("bash", "--norc", "-c", BASH, "bash", script("bash").toString()));
        List.of(typed.split(" ")).forEach(word -> command.add(word.replace("''", "")));
        String output = run(Requirement.BASH, command.toArray(String[]::new));
        assertEquals(offered, String.join(" ", output.split("\\s+")));
    }

    @Test
    void theNameRunsTheProgramUnlessItHasAMeaningAlready() throws IOException, InterruptedException {
        Path script = script("bash");
        String java = "java() { echo \"java $*\"; }; ";
        assertEquals("java -jar experiments.jar exp1 a b\n", run(Requirement.BASH, "bash", "--norc", "-c",
                java + "source \"$1\"; culebra exp1 'a b'", "bash", script.toString()));
        assertEquals("mine\n", run(Requirement.BASH, "bash", "--norc", "-c",
                "culebra() { echo mine; }; source \"$1\"; culebra exp1", "bash", script.toString()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"culebra exp1 --dev | --device", "culebra doc | doctor",
        "culebra exp1 --device re | reference", "culebra train --model g | gpt1"})
    void zshCompletes(String typed, String word) throws IOException, InterruptedException {
        String rest = word.substring(typed.substring(typed.lastIndexOf(' ') + 1).length());
        String output = run(Requirement.ZSH, "zsh", "-f", "-c", ZSH, "zsh", script("zsh").toString(), typed,
                typed + rest);
        assertTrue(output.contains(typed + rest), output);
    }
}
