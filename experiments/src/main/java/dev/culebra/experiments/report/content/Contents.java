package dev.culebra.experiments.report.content;

import java.util.List;
import java.util.stream.Stream;

import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Document;
import dev.culebra.experiments.report.runs.Study;

/** All that a report says of a study, in its order. Every number comes from the runs; conclusions are marked as such. */
public final class Contents {
    private Contents() {}

    /** The report's document. */
    public static Document of(Study study) {
        return new Document("LSTM and GPT language models: what "
                + Formats.counted(study.runs().size(), "run") + (study.runs().size() == 1 ? " shows" : " show"),
                Stream
                        .of(Overview.of(study), Results.of(study), Costs.of(study),
                                List.<Block>of(new Block.Heading(2, "The questions of the study")),
                                TimeOrGeneralization.of(study),
                                Optimizers.of(study), LstmAgainstGpt.of(study), Depth.of(study),
                                MemoryFootprint.of(study),
                                AgainstOverfitting.of(study), BesidePublished.of(study), RunList.of(study))
                        .flatMap(List::stream).toList());
    }
}
