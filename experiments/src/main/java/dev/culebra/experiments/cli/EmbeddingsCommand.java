package dev.culebra.experiments.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.files.DownloadFolder;
import dev.culebra.experiments.prepare.EmbeddingTables;
import dev.culebra.experiments.run.RunDirectory;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.ModelKind;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes {@code embeddings.npz}: learned here, or taken from GPT-1. */
@Command(name = "embeddings", sortOptions = false, description = "Makes embeddings.npz, which runs then freeze: learned "
        + "from the train split by a GPT of one block, or taken from GPT-1.", footer = {"", "Examples:",
            "  java -jar experiments.jar data embeddings --data wikitext-2",
            "      learns them, and writes wikitext-2/embeddings.npz",
            "  java -jar experiments.jar data embeddings --data wikitext-2 --resume",
            "      goes on after Ctrl-C",
            "  java -jar experiments.jar data embeddings --data wikitext-2 \\",
            "      --import model.safetensors",
            "      takes those of a GPT-1 (tokens_embed.weight, positions_embed.weight)"})
final class EmbeddingsCommand implements Callable<Integer> {
    private static final String FILE = "embeddings.npz";
    private static final int EPOCHS = 3;
    private static final String GPT1 = "https://huggingface.co/openai-community/openai-gpt/resolve/main/model.safetensors";

    private final Console console;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write (embeddings.npz in --data unless given).")
    private Path out;

    @Option(names = "--overwrite", description = "Replace the file if it is there.")
    private boolean overwrite;

    @ArgGroup
    private Origin origin;

    /** Whose they are, unless they are learned. */
    static final class Origin {
        @Option(names = "--import", paramLabel = "FILE", description = "Take them from a safetensors file: GPT-1's, or a gpt1 of this program.")
        private Path file;

        @Option(names = "--download", paramLabel = "URL", arity = "0..1", fallbackValue = GPT1, description = "The same after fetching it (479 MB; GPT-1 at Hugging Face unless an address is given).")
        private URI url;
    }

    @Spec
    private CommandSpec command;

    @Mixin
    private RunOptions options;

    @Mixin
    private JsonOption json;

    @Mixin
    private CommonOptions common;

    EmbeddingsCommand(Console console) {
        this.console = console;
    }

    /** The run that learns them: a GPT of one block, some epochs. */
    static Configuration configuration() {
        Configuration gpt = Configuration.of(ModelKind.GPT1);
        return new Configuration(Configuration.EMBEDDINGS, gpt.model().withLayers(OptionalInt.of(1)),
                gpt.optimization(), gpt.data(),
                gpt.run().withEpochs(EPOCHS));
    }

    @Override
    public Integer call() {
        Configuration configuration = options.configuration(configuration());
        Path target = target(configuration);
        if (Files.exists(target) && !overwrite) {
            throw new BadInputException(target + " is there already; choose another --out, or replace it with "
                    + "--overwrite");
        }
        EmbeddingTables tables = EmbeddingTables.read(origin == null ? learn(configuration) : imported());
        if (!tables.isFinite()) {
            throw new BadInputException("these embeddings have numbers that half precision cannot hold; use others");
        }
        tables.writeTo(target);
        console.people(json.json()).println(target + ": " + tables.description());
        return ExitCode.DONE;
    }

    private Path target(Configuration configuration) {
        return Optional.ofNullable(out).or(() -> configuration.data().folder().map(folder -> folder.resolve(FILE)))
                .orElseThrow(() -> new BadInputException("--out is missing: without --data there is no folder for "
                        + FILE));
    }

    private Path learn(Configuration configuration) {
        boolean wouldBeRead = configuration.data().folder().map(folder -> folder.resolve(FILE))
                .filter(Files::exists).isPresent();
        if (wouldBeRead && configuration.model().embeddings().isEmpty() && !configuration.model().learnEmbeddings()) {
            throw new BadInputException("the data has an " + FILE + ", which a run would freeze; move it away to learn "
                    + "others, or start from it with --learn-embeddings");
        }
        RunDirectory run = new RunDirectory(options.runDirectory().orElse(Path.of("runs", Configuration.EMBEDDINGS)));
        SingleRun.make(command.commandLine().getParseResult(), options, configuration(), json.json(), console);
        // A run that was cut short within its first epoch has no best one.
        return Files.exists(run.best()) ? run.best() : run.last();
    }

    private Path imported() {
        if (origin.file != null) {
            return origin.file;
        }
        if (origin.url.getPath() == null || !origin.url.getPath().endsWith(".safetensors")) {
            throw new BadInputException(origin.url + " is no address of a safetensors file");
        }
        try (PreparationDisplay display = new PreparationDisplay(console)) {
            return new Downloads(console.interruption(), display, "--import").fetchOnce(origin.url,
                    DownloadFolder.GPT1);
        }
    }
}
