package dev.culebra.experiments.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.files.DownloadFolder;
import dev.culebra.experiments.prepare.Checksum;
import dev.culebra.experiments.prepare.Preparation;
import dev.culebra.experiments.prepare.PreparationListener;
import dev.culebra.experiments.text.GptTokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Text to {@code .npz}. */
@Command(name = "prepare", sortOptions = false, description = "Makes wiki.{train,validation,test}.npz from the text of "
        + "WikiText-2, with GPT-1's tokenizer.", footer = {"", "Examples:",
            "  java -jar experiments.jar data prepare --out wikitext-2",
            "      fetches text and vocabulary; goes on where it was if it broke off",
            "  java -jar experiments.jar data prepare --out wikitext-2 \\",
            "      --from wikitext-2-raw-v1.zip --vocabulary gpt-1",
            "      without a network",
            "  java -jar experiments.jar exp1 --data wikitext-2"})
final class PrepareCommand implements Callable<Integer> {
    /** The archive of the data's authors, at an address that stays. */
    private static final String TEXT = "https://huggingface.co/datasets/ggml-org/ci/resolve/"
            + "927b3642933080f1b0e811e2f916e14c292992f9/wikitext-2-raw-v1.zip";
    private static final String TEXT_SHA256 = "ef7edb566e3e2b2d31b29c1fdb0c89a4cc683597484c3dc2517919c615435a11";
    private static final String VOCABULARY = "https://huggingface.co/openai-community/openai-gpt/resolve/main/";
    private static final Checksum VOCABULARY_SHA256 = new Checksum(
            "fdf49b19e7de236852091da09b84a7a3cd5e7b0e79916376cf45f6b8127b8078");
    private static final Checksum MERGES_SHA256 = new Checksum(
            "0ea9b51ae695073cd871e0358f7016311d671a7ff3963e367d5236522f294725");

    private final Console console;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The data directory: what --data takes afterwards.")
    private Path out;

    @Option(names = "--from", paramLabel = "PLACE", description = "A folder or zip archive with wiki.{train,valid,test}.{raw,tokens}, plain or .gz; unless given, the text is downloaded.")
    private Path from;

    @Option(names = "--url", paramLabel = "URL", defaultValue = TEXT, description = "A zip archive of the text. Default: ${DEFAULT-VALUE}", showDefaultValue = Visibility.NEVER)
    private URI url;

    @Option(names = "--sha256", paramLabel = "HEX", description = "What that archive must have; of an address of your own nothing is checked unless this is given.")
    private String sha256;

    @Option(names = "--vocabulary", paramLabel = "DIR", description = "A folder with encoder_bpe_40000.json and vocab_40000.bpe, or vocab.json and merges.txt; unless given, they are downloaded.")
    private Path vocabulary;

    @Option(names = "--vocabulary-url", paramLabel = "URL", defaultValue = VOCABULARY, description = "Where vocab.json and merges.txt lie. Default: ${DEFAULT-VALUE}", showDefaultValue = Visibility.NEVER)
    private URI vocabularyUrl;

    @Option(names = "--overwrite", description = "Replace .npz files that are there.")
    private boolean overwrite;

    @Mixin
    private CommonOptions common;

    PrepareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (PreparationDisplay display = new PreparationDisplay(console)) {
            Preparation preparation = new Preparation(out, overwrite, display, console.interruption());
            preparation.prepare(from == null ? downloadText(display) : requireThere(from),
                    vocabulary == null ? downloadVocabulary(display) : vocabulary);
            display.note("Use it with --data " + out);
        }
        return ExitCode.DONE;
    }

    /** Told before anything is fetched. */
    private static Path requireThere(Path place) {
        if (!Files.exists(place)) {
            throw new BadInputException(
                    place + " does not exist; --from names a folder or a zip archive with the text");
        }
        return place;
    }

    private Path downloadText(PreparationListener display) {
        Downloads downloads = new Downloads(console.interruption(), display, "--from");
        if (url.getPath() == null || !url.getPath().endsWith(".zip")) {
            throw new BadInputException(
                    url + " is no address of a zip archive; fetch it, unpack it, and name the folder "
                            + "with --from");
        }
        Optional<Checksum> checksum = Optional.ofNullable(sha256)
                .or(() -> url.equals(URI.create(TEXT)) ? Optional.of(TEXT_SHA256) : Optional.empty())
                .map(Checksum::new);
        return downloads.fetch(url, checksum, Downloads.folder("text"), Downloads.name(url));
    }

    private Path downloadVocabulary(PreparationListener display) {
        Downloads downloads = new Downloads(console.interruption(), display,
                "--vocabulary, a folder with vocab.json and merges.txt");
        Path folder = Downloads.folder(DownloadFolder.GPT1);
        downloads.fetch(vocabularyUrl.resolve("vocab.json"), Optional.of(VOCABULARY_SHA256), folder,
                GptTokenizer.VOCABULARY_FILE);
        downloads.fetch(vocabularyUrl.resolve("merges.txt"), Optional.of(MERGES_SHA256), folder,
                GptTokenizer.MERGES_FILE);
        return folder;
    }
}
