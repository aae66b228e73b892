package dev.culebra.experiments.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

import dev.culebra.experiments.run.CheckpointGeneration;
import dev.culebra.experiments.run.GenerationListener;
import dev.culebra.experiments.run.GenerationRequest;
import dev.culebra.experiments.run.GenerationRequest.Prompt;
import dev.culebra.experiments.run.Sampling;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Continues a text. */
@Command(name = "generate", sortOptions = false, description = "Continues a text with a checkpoint's model. The same seed "
        + "gives the same text.", footer = {"", "Examples:",
            "  java -jar experiments.jar generate --checkpoint runs/exp1/best.safetensors \\",
            "      --prompt \"in the beginning\"",
            "  java -jar experiments.jar generate --checkpoint runs/exp5/best.safetensors \\",
            "      --vocabulary wikitext-2 --prompt \"The game was\" --temperature 0.7 --top-k 40",
            "  java -jar experiments.jar generate --checkpoint runs/exp5/best.safetensors \\",
            "      --prompt-ids 481,759 --temperature 0 --json",
            "      always takes the likeliest token; events for programs"})
final class GenerateCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--checkpoint", required = true, paramLabel = "FILE", description = "A .safetensors file of the study's tensor names, from this program or from PyTorch, or GPT-1 as Hugging Face has it.")
    private Path checkpoint;

    @ArgGroup(multiplicity = "1")
    private Beginning beginning;

    /** What is continued. */
    static final class Beginning {
        @Option(names = "--prompt", paramLabel = "TEXT", description = "The text to continue.")
        private String text;

        @Option(names = "--prompt-ids", paramLabel = "N,N,...", hideParamSyntax = true, split = ",", description = "The same as tokens of the model, from 1 on: GPT-1's ids plus 1, since 0 is padding.")
        private List<Integer> ids;
    }

    @Option(names = "--vocabulary", paramLabel = "DIR", description = "A folder with encoder_bpe_40000.json and vocab_40000.bpe (or vocab.json and merges.txt); looked for beside the checkpoint and in the data folder of its run unless given.")
    private Path vocabulary;

    @Option(names = "--max-tokens", paramLabel = "N", defaultValue = "100", description = "How many tokens to generate.")
    private int maxTokens;

    @Option(names = "--temperature", paramLabel = "T", defaultValue = "0.8", description = "Below 1 likely tokens become likelier; 0 always takes the likeliest.")
    private double temperature;

    @Option(names = "--top-k", paramLabel = "N", description = "Choose among the N likeliest tokens alone.")
    private Integer topK;

    @Option(names = "--top-p", paramLabel = "P", defaultValue = "0.95", description = "Choose among the likeliest tokens alone that together have this probability; 1 for all.")
    private double topP;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "42", description = "Of the choice.")
    private long seed;

    @Mixin
    private StoredModelOptions model;

    @Mixin
    private JsonOption json;

    @Mixin
    private CommonOptions common;

    GenerateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Prompt prompt = beginning.text == null
                ? new Prompt.Ids(beginning.ids.stream().mapToInt(Integer::intValue).toArray())
                : new Prompt.Text(beginning.text);
        Sampling sampling = new Sampling(temperature, topK == null ? OptionalInt.empty() : OptionalInt.of(topK), topP);
        GenerationRequest request = new GenerationRequest(checkpoint, model.heads(), model.gelu(), prompt,
                Optional.ofNullable(vocabulary), maxTokens, sampling, seed, model.device(), model.precision());
        try (GenerationListener display = json.json() ? new JsonGeneration(console) : new TextGeneration(console)) {
            CheckpointGeneration.make(request, display, console.interruption());
        }
        return ExitCode.DONE;
    }
}
