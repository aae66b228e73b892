package dev.culebra.experiments.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

import dev.culebra.experiments.data.BreakMode;
import dev.culebra.experiments.data.SplitName;
import dev.culebra.experiments.run.CheckpointEvaluation;
import dev.culebra.experiments.run.EvaluationRequest;
import dev.culebra.experiments.run.Measurement;
import dev.culebra.experiments.run.RunListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a stored model. */
@Command(name = "evaluate", sortOptions = false, description = "Loss and perplexity of a checkpoint on a split.", footer = {
    "", "Examples:",
    "  java -jar experiments.jar evaluate --checkpoint runs/exp1/best.safetensors",
    "  java -jar experiments.jar evaluate --checkpoint runs/exp5/best.safetensors \\",
    "      --data wikitext-2 --split validation --json"})
final class EvaluateCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--checkpoint", required = true, paramLabel = "FILE", description = "A .safetensors file of the study's tensor names, from this program or from PyTorch, or GPT-1 as Hugging Face has it.")
    private Path checkpoint;

    @Option(names = "--split", paramLabel = "SPLIT", defaultValue = "test", description = "train, validation or test.")
    private SplitName split;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder with wiki.{train,validation,test}.npz; unless given, the corpus inside the program.")
    private Path data;

    @Option(names = "--break-mode", paramLabel = "MODE", defaultValue = "none", description = "Where sequences begin and end: none (anywhere), lines, or complete (whole lines, as many as "
            + "fit).")
    private BreakMode breakMode;

    @Option(names = "--sequence-length", paramLabel = "N", description = "Tokens in a sequence (256 unless given, or what the model can read).")
    private Integer sequenceLength;

    @Option(names = "--batch-size", paramLabel = "N", defaultValue = "16", description = "Sequences at once.")
    private int batchSize;

    @Mixin
    private StoredModelOptions model;

    @Mixin
    private JsonOption json;

    @Mixin
    private CommonOptions common;

    EvaluateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        EvaluationRequest request = new EvaluationRequest(checkpoint, model.heads(), model.gelu(), split,
                Optional.ofNullable(data), breakMode,
                sequenceLength == null ? OptionalInt.empty() : OptionalInt.of(sequenceLength), batchSize,
                model.device(), model.precision());
        try (RunListener display = console.display(json.json())) {
            Measurement result = CheckpointEvaluation.make(request, display, console.interruption());
            display.note(String.format(Locale.ROOT, "%s split: loss %.6f, perplexity %.4f over %,d tokens", split,
                    result.loss(), result.perplexity(), result.tokens()));
        }
        return ExitCode.DONE;
    }
}
