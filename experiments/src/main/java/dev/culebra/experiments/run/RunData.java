package dev.culebra.experiments.run;

import java.util.OptionalInt;

import dev.culebra.experiments.data.Batches;
import dev.culebra.experiments.data.BuiltInCorpus;
import dev.culebra.experiments.data.Corpus;
import dev.culebra.experiments.data.DataDirectory;
import dev.culebra.experiments.data.Dataset;
import dev.culebra.experiments.data.SplitName;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.DataSettings;

/**
 * What a run reads.
 *
 * @param corpus where it comes from
 * @param train the batches of the training split
 * @param validation the split that is evaluated after each epoch
 * @param test the split that is evaluated once, at the end
 */
record RunData(Corpus corpus, Batches train, Dataset validation, Dataset test) {
    /** Reads and cuts all splits. */
    static RunData read(Configuration configuration) {
        DataSettings settings = configuration.data();
        Corpus corpus = corpus(settings);
        Dataset train = dataset(corpus, SplitName.TRAIN, settings);
        return new RunData(corpus,
                settings.shuffle()
                        ? Batches.shuffled(train, settings.batchSize(), configuration.run().seed())
                        : Batches.inOrder(train, settings.batchSize()),
                dataset(corpus, SplitName.VALIDATION, settings), dataset(corpus, SplitName.TEST, settings));
    }

    /** The folder that was named, or the built-in corpus. */
    static Corpus corpus(DataSettings settings) {
        return settings.folder().<Corpus>map(DataDirectory::new).orElseGet(BuiltInCorpus::new);
    }

    /** A split, cut as the settings say. */
    static Dataset dataset(Corpus corpus, SplitName name, DataSettings settings) {
        return new Dataset(corpus.split(name), settings.breakMode(), settings.sequenceLength());
    }

    /** From how many words the tokens are taken, where the data say so. */
    OptionalInt vocabularySize() {
        return train.dataset().split().vocabularySize();
    }

    /** Checks that a model with that vocabulary can read all of it. */
    void requireVocabulary(int vocabularySize) {
        train.dataset().split().requireVocabulary(vocabularySize);
        validation.split().requireVocabulary(vocabularySize);
        test.split().requireVocabulary(vocabularySize);
    }
}
