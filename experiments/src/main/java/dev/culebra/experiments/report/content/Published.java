package dev.culebra.experiments.report.content;

import java.util.List;
import java.util.Optional;

import dev.culebra.experiments.study.Experiment;

/**
 * The published results of the study: two independent write-ups of the same twelve runs (PyTorch 1.10, 2021, an 8 GB GeForce,
 * the original GPT-1 embeddings, frozen). They divided by padded positions too; these figures are converted to a mean over
 * real tokens alone.
 *
 * @param run the experiment's number
 * @param first the first write-up's
 * @param second the second's
 * @param secondsPerEpoch the first's seconds for an epoch
 * @param remark what was different, or nothing
 */
record Published(int run, Perplexities first, Perplexities second, int secondsPerEpoch, String remark) {
    /**
     * A write-up's perplexities of a run.
     *
     * @param validation the best over epochs
     * @param test after epoch 10
     */
    record Perplexities(double validation, double test) {}

    static final List<Published> RESULTS = List.of(of(1, 146.1, 158.2, 146.9, 158.8, 115, ""),
            of(2, 146.3, 157.8, 146.6, 159.6, 115, ""), of(3, 2223, 2306, 2222, 2306, 114, ""),
            of(4, 1690, 1760, 1690, 1760, 115, ""), of(5, 148.6, 190.8, 148.7, 190.5, 131, ""),
            of(6, 148.6, 191.1, 148.7, 191.2, 130, ""), of(7, 1532, 1622, 1533, 1622, 126, ""),
            of(8, 692, 725, 693, 725, 128, ""), of(9, 141.9, 160.3, 142.9, 163.4, 129, ""),
            of(10, 163.0, 177.2, 160.7, 175.8, 171, ""), of(11, 146.1, 162.3, 479, 487, 111, "first: batch 8"),
            of(12, 1509, 1581, 1511, 1585, 160, "first: batch 8"));

    /** That of an experiment. */
    static Optional<Published> of(Experiment experiment) {
        return RESULTS.stream().filter(published -> published.run() == experiment.number()).findFirst();
    }

    private static Published of(int run, double firstValidation, double firstTest, double secondValidation,
            double secondTest, int secondsPerEpoch, String remark) {
        return new Published(run, new Perplexities(firstValidation, firstTest),
                new Perplexities(secondValidation, secondTest), secondsPerEpoch, remark);
    }
}
