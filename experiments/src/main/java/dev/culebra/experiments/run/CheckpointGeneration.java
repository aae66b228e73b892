package dev.culebra.experiments.run;

import java.io.IOException;
import java.util.Arrays;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.failure.InterruptedRunException;
import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.experiments.study.Require;
import dev.culebra.nn.Decoder;
import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.ModelSpec;
import dev.culebra.nn.SeededRandom;
import dev.culebra.nn.checkpoint.Checkpoint;
import dev.culebra.runtime.Backend;

/** Continues a text with a stored model, one token after another. */
public final class CheckpointGeneration {
    private final GenerationRequest request;
    private final GenerationListener listener;
    private final Interruption interruption;

    private CheckpointGeneration(GenerationRequest request, GenerationListener listener, Interruption interruption) {
        Require.atLeast("--max-tokens", request.maxTokens(), 1);
        this.request = request;
        this.listener = listener;
        this.interruption = interruption;
    }

    /**
     * Loads the model, reads the prompt and generates.
     *
     * @throws BadInputException if the file, the prompt, the vocabulary or the device cannot be used
     * @throws InterruptedRunException if it was asked to stop
     * @throws RunFailedException if the model predicts no token, as with weights that are no numbers
     */
    public static void make(GenerationRequest request, GenerationListener listener, Interruption interruption) {
        CheckpointGeneration generation = new CheckpointGeneration(request, listener, interruption);
        try (Checkpoint checkpoint = Checkpoint.open(request.checkpoint())) {
            ModelSpec spec = Architecture.withGelu(checkpoint.spec(request.heads()), request.gelu());
            ModelMemory.requireForGeneration(spec);
            try (ModelText text = ModelText.open(request.vocabulary(), request.checkpoint(), spec.vocabulary())) {
                generation.make(checkpoint, spec, text, generation.prompt(spec, text));
            }
        } catch (IOException e) {
            throw Checkpoints.unreadable(request.checkpoint(), e);
        }
    }

    private int[] prompt(ModelSpec spec, ModelText text) {
        int[] ids = switch (request.prompt()) {
            case GenerationRequest.Prompt.Text words -> text.encode(words.text());
            case GenerationRequest.Prompt.Ids tokens -> tokens.ids();
        };
        for (int id : ids) {
            if (id < 1 || id >= spec.vocabulary()) {
                throw new BadInputException("--prompt-ids takes tokens from 1 to " + (spec.vocabulary() - 1) + ", not "
                        + id);
            }
        }
        return ids;
    }

    private void make(Checkpoint checkpoint, ModelSpec spec, ModelText text, int[] prompt) throws IOException {
        try (Backend backend = Run.openBackend(request.device(), request.precision(), true);
                Decoder decoder = Architecture.buildDecoder(backend, spec)) {
            listener.note("Device: " + backend.description() + ", " + backend.precision().label());
            checkpoint.loadWeights(decoder.parameters());
            if (spec instanceof GptModelSpec gpt && prompt.length > gpt.positions()) {
                listener.note("The prompt has " + Numbers.counted(prompt.length, "token") + " and the model "
                        + Numbers.counted(gpt.positions(), "position") + ": it sees the end of the prompt alone.");
            }
            listener.event(new GenerationEvent.Prompt(Arrays.stream(prompt).boxed().toList(), text.append(prompt),
                    backend.name(), backend.precision()));
            generate(decoder, text, prompt);
        }
    }

    private void generate(Decoder decoder, ModelText text, int[] prompt) {
        SeededRandom random = new SeededRandom(request.seed(), "generate");
        double[] logProbabilities = decoder.read(prompt);
        long begin = System.nanoTime();
        int made = 0;
        while (made < request.maxTokens() && listener.isHeard()) {
            if (interruption.isRequested()) {
                throw new InterruptedRunException("interrupted after " + Numbers.counted(made, "token"));
            }
            int id = request.sampling().next(requireDrawable(logProbabilities), random);
            made++;
            listener.event(new GenerationEvent.Token(made, id, text.append(id), logProbabilities[id]));
            if (made < request.maxTokens()) {
                logProbabilities = decoder.read(id);
            }
        }
        listener.event(new GenerationEvent.End(prompt.length, made, (System.nanoTime() - begin) * 1e-9));
    }

    /** Among numbers the largest is finite, unless the padding, which is never drawn, has all the probability. */
    private double[] requireDrawable(double[] logProbabilities) {
        if (!Double.isFinite(Sampling.largest(logProbabilities))) {
            throw new RunFailedException("the model predicts no token: " + request.checkpoint()
                    + " holds weights with which nothing can be computed; use an earlier checkpoint");
        }
        return logProbabilities;
    }
}
