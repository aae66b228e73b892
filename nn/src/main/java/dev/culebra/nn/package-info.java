/**
 * Neural networks with hand-written backward passes: layers, the study's two language models, loss and optimisers.
 * <pre>
 *   try (Backend backend = Backends.open("auto", Precision.FP32);
 *           LanguageModel model = LanguageModel.create(backend, new LstmModelSpec(40_479, 768, 1, 512),
 *                   new ModelOptions(16, 256, 0, true, 42));
 *           ModelOptimizer optimizer = new ModelOptimizer(model, new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0),
 *                   LearningRateSchedule.constant(1e-3), OptionalDouble.empty());
 *           TrainingStep step = new TrainingStep(model, optimizer)) {
 *       step.run(tokens, targets, mask);
 *       BatchLoss loss = step.losses().getFirst();
 *   }
 * </pre>
 */
package dev.culebra.nn;
