"""Tests of the twin: `python -m unittest` in this folder; CULEBRA_DATA names the folder of WikiText-2's .npz files."""

import contextlib
import io
import json
import math
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy
import safetensors.torch
import torch

import twin
from culebra_twin import checkpoint, data, loss, models, optimization


class ModelTest(unittest.TestCase):
    def test_attention_has_the_studys_shapes(self):
        attention = models.CausalSelfAttention(heads=13, head_size=11)
        x = torch.randn(7, 17, 143)
        queries, keys, values = (models.split_heads(torch.randn(7, 17, 143), 13) for _ in range(3))
        weights = models.attention_weights(queries, keys)
        self.assertEqual(weights.shape, (7, 13, 17, 17))
        self.assertEqual(models.apply_attention(weights, values).shape, (7, 17, 143))
        self.assertEqual(attention(x).shape, (7, 17, 143))

    def test_split_and_merge_heads_are_inverse(self):
        x = torch.randn(7, 17, 13 * 23)
        heads = models.split_heads(x, 13)
        self.assertEqual(heads.shape, (7, 13, 17, 23))
        self.assertEqual(heads[0, 1, 2, 3], x[0, 2, 23 * 1 + 3])
        self.assertTrue(torch.equal(models.merge_heads(heads), x))

    def test_fused_explicit_and_finite_masks_agree(self):
        attention = models.CausalSelfAttention(heads=3, head_size=5).double()
        x = torch.randn(2, 9, 15, dtype=torch.float64)
        queries, keys, values = (models.split_heads(projection(x), 3)
                                 for projection in (attention.q_proj, attention.k_proj, attention.v_proj))
        explicit = attention.out_proj(models.apply_attention(models.attention_weights(queries, keys), values))
        torch.testing.assert_close(attention(x), explicit)
        later = torch.ones(9, 9, dtype=torch.bool).triu(diagonal=1)
        scores = (queries @ keys.transpose(-1, -2) / math.sqrt(5)).masked_fill(later, -1e4)
        torch.testing.assert_close(scores.softmax(-1), models.attention_weights(queries, keys))

    def test_models_have_the_studys_shapes(self):
        gpt = models.GptLanguageModel(11, heads=13, head_size=17, layers=3, positions=23)
        self.assertEqual(gpt.logits(gpt(torch.randint(11, (7, 23)))).shape, (7, 23, 11))
        lstm = models.LstmLanguageModel(11, embedding_width=13, hidden_size=17, layers=3)
        hidden, (h, c) = lstm.forward_with_state(torch.randint(11, (5, 7)))
        self.assertEqual(lstm.logits(hidden).shape, (5, 7, 11))
        self.assertEqual((h.shape, c.shape), ((3, 5, 17), (3, 5, 17)))

    def test_learnable_parameters_are_counted_as_in_the_study(self):
        lstm = models.LstmLanguageModel(11)
        self.assertEqual(count(lstm) - 11 * 768, 3_019_520)
        self.assertEqual(count(models.Block(12, 64, "exact", 0.0)), 7_087_872)
        self.assertEqual(count(models.CausalSelfAttention(12, 64)), 4 * 768**2 + 4 * 768)

    def test_tensors_carry_the_names_of_the_checkpoints(self):
        lstm = models.LstmLanguageModel(11, 6, 4, layers=2)
        self.assertEqual(set(lstm.state_dict()), {
            "embedding.weight", "classifier.0.weight", "classifier.0.bias",
            *(f"lstm.{kind}_{of}_l{layer}" for kind in ("weight", "bias") for of in ("ih", "hh") for layer in (0, 1))})
        gpt = models.GptLanguageModel(11, heads=2, head_size=3)
        parts = [f"attention.{name}_proj" for name in ("q", "k", "v", "out")] + ["norm1", "mlp.0", "mlp.2", "norm2"]
        self.assertEqual(set(gpt.state_dict()), {
            "embedding.tokens.weight", "embedding.position.weight",
            *(f"layers.0.{part}.{kind}" for part in parts for kind in ("weight", "bias"))})

    def test_a_token_changes_nothing_before_it(self):
        for model in (models.LstmLanguageModel(11, 6, 4, layers=2), models.GptLanguageModel(11, 2, 3, layers=2)):
            tokens = torch.randint(1, 11, (2, 9))
            changed = tokens.clone()
            changed[:, 5] = tokens[:, 5] % 10 + 1
            before, after = model(tokens), model(changed)
            torch.testing.assert_close(before[:, :5], after[:, :5], rtol=0, atol=1e-6)
            self.assertFalse(torch.allclose(before[:, 5], after[:, 5]))

    def test_padding_gets_the_classifiers_gradient_alone(self):
        model = models.LstmLanguageModel(11, 6, 4).double()
        model(torch.zeros(1, 3, dtype=torch.int64)).sum().backward()
        self.assertEqual(model.embedding.weight.grad.abs().sum(), 0)
        model.logits(model(torch.zeros(1, 3, dtype=torch.int64)))[..., 0].sum().backward()
        self.assertNotEqual(model.embedding.weight.grad[0].abs().sum(), 0)


class LossTest(unittest.TestCase):
    def test_loss_is_a_mean_of_means_and_ignores_padding(self):
        logits = torch.randn(2, 3, 5, dtype=torch.float64)
        targets = torch.tensor([[1, 2, 3], [4, 0, 0]])
        mask = torch.tensor([[1, 1, 1], [1, 0, 0]])
        nll = loss.token_nll(logits, targets)
        expected = (nll[0].mean() + nll[1, 0]) / 2
        torch.testing.assert_close(loss.batch_loss(nll, mask), expected)
        torch.testing.assert_close(loss.loss(loss.log_probabilities(logits), targets, mask), expected)
        torch.testing.assert_close(loss.nll_sum(nll, mask), nll[0].sum() + nll[1, 0])


class DataTest(unittest.TestCase):
    def test_neighbouring_sequences_share_one_token(self):
        dataset = data.Dataset(split_of_lines(4, 3, 2), length=3)
        self.assertEqual(dataset.ranges, [(0, 4), (3, 7), (6, 9)])
        batch = dataset.batch([0, 2])
        self.assertEqual(batch.tokens.tolist(), [[1, 2, 3], [7, 8, 0]])
        self.assertEqual(batch.targets.tolist(), [[2, 3, 4], [8, 9, 0]])
        self.assertEqual(batch.mask.tolist(), [[1, 1, 1], [1, 1, 0]])

    def test_a_single_token_left_over_is_no_sequence(self):
        self.assertEqual(data.Dataset(split_of_lines(7), length=3).ranges, [(0, 4), (3, 7)])

    def test_lines_are_cut_on_their_own(self):
        self.assertEqual(data.Dataset(split_of_lines(2, 1, 6), "lines", 3).ranges, [(0, 2), (3, 7), (6, 9)])

    def test_whole_lines_are_packed_while_they_fit(self):
        self.assertEqual(data.Dataset(split_of_lines(2, 2, 1, 6, 1), "complete", 3).ranges,
                         [(0, 4), (5, 9), (8, 11)])

    def test_shuffling_keeps_every_sequence(self):
        dataset = data.Dataset(split_of_lines(40), length=3)
        batches = list(dataset.batches(4, torch.Generator().manual_seed(1)))
        self.assertEqual([len(batch.tokens) for batch in batches], [4, 4, 4, 1])
        targets = torch.cat([batch.targets.flatten() for batch in batches])
        self.assertEqual(sorted(targets.tolist()), list(range(2, 41)))

    def test_wikitext_2_gives_9205_sequences(self):
        folder = os.environ.get("CULEBRA_DATA")
        if not folder:
            print("skipped: WikiText-2's chunking; CULEBRA_DATA names no folder")
            self.skipTest("CULEBRA_DATA names no folder with WikiText-2")
        dataset = data.Dataset(data.Split.load(folder, "train"))
        self.assertEqual(len(dataset), 9205)
        self.assertEqual(math.ceil(len(dataset) / 16), 576)
        self.assertEqual(sum(end - start - 1 for start, end in dataset.ranges), 2_356_376 - 1)


class OptimizationTest(unittest.TestCase):
    def test_schedules_warm_up_and_decay(self):
        rates = [optimization.learning_rate("linear", 1.0, step, 10, 2) for step in range(10)]
        self.assertEqual(rates[:3], [0.5, 1.0, 1.0])
        self.assertEqual(rates[-1], 1 / 8)
        self.assertAlmostEqual(optimization.learning_rate("cosine", 1.0, 6, 10, 2), 0.5)

    def test_weight_decay_follows_the_study(self):
        for name, decay in {"sgd": 5e-4, "momentum": 5e-4, "adam": 0.0, "adamw": 5e-4}.items():
            optimizer = optimization.make_optimizer(name, [torch.zeros(1)])
            self.assertEqual(optimizer.param_groups[0]["weight_decay"], decay)


SMALL_MODEL = ("--embedding-width", "12", "--hidden-size", "7")


class CommandLineTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        tokens = numpy.random.default_rng(1).integers(1, 29, 200)
        for name in data.SPLITS:
            numpy.savez(self.folder / f"wiki.{name}.npz", tokens=tokens, sizes=[120, 80], vocabulary_size=29)

    def start_twin(self, command, *options):
        """The exit code and what was said on standard output and on standard error."""
        arguments = ["twin.py", command, "--data", str(self.folder), "--json", "--sequence-length", "8", *options]
        output, errors = io.StringIO(), io.StringIO()
        with (mock.patch("sys.argv", arguments), contextlib.redirect_stdout(output),
              contextlib.redirect_stderr(errors)):
            return twin.main(), output.getvalue(), errors.getvalue()

    def run_twin(self, command, *options):
        """The events."""
        code, output, errors = self.start_twin(command, *options)
        self.assertEqual(code, 0, errors)
        return [json.loads(line) for line in output.splitlines()]

    def save_starting_weights(self):
        """A file of an LSTM with random weights."""
        init = self.folder / "init.safetensors"
        self.run_twin("exp1", *SMALL_MODEL, "--max-steps", "0", "--save-init", str(init))
        return init

    def test_both_models_train_save_and_evaluate(self):
        for run in ("exp1", "exp5"):
            with self.subTest(run=run):
                events = self.run_twin(run, "--epochs", "2", "--heads", "3", *SMALL_MODEL,
                                       "--run-dir", str(self.folder / run))
                self.assertEqual([event["event"] for event in events],
                                 ["start", "step", "step", "epoch", "step", "step", "epoch", "evaluation", "end"])
                first, second = named("epoch", events)
                self.assertLess(second["train"]["loss"], first["train"]["loss"])
                evaluation, = self.run_twin("evaluate", "--split", "validation",
                                            "--checkpoint", str(self.folder / run / "last.safetensors"))
                self.assertEqual(evaluation["tokens"], 199)
                self.assertAlmostEqual(evaluation["loss"], second["validation"]["loss"], places=6)

    def test_what_scripts_did_in_2021_gives_the_same_losses(self):
        for run in ("exp1", "exp6"):
            init = self.folder / f"{run}.safetensors"
            options = ("--heads", "3", *SMALL_MODEL)
            self.run_twin(run, *options, "--max-steps", "0", "--save-init", str(init))
            fused, explicit = (named("step", self.run_twin(run, "--init-from", str(init), "--no-shuffle", *options, *way))
                               for way in ((), ("--explicit",)))
            self.assertEqual(len(fused), 20)
            for one, other in zip(fused, explicit):
                self.assertAlmostEqual(one["loss"], other["loss"], places=5)

    def test_half_precision_learns_like_single(self):
        for precision in ("bf16", "fp16"):
            with self.subTest(precision=precision):
                half, single = (named("epoch", self.run_twin("exp5", "--heads", "3", *SMALL_MODEL, "--epochs", "2",
                                                             "--precision", name))[-1]["train"]["loss"]
                                for name in (precision, "fp32"))
                self.assertAlmostEqual(half, single, delta=0.05)

    def test_events_have_the_fields_of_culebras(self):
        events = self.run_twin("exp1", "--epochs", "2", *SMALL_MODEL)
        start, *_, evaluation, end = events
        self.assertEqual(start, {
            "event": "start", "run": "exp1", "step": 0, "total_steps": 4, "steps_per_epoch": 2,
            "learned_parameters": 29 * 12 + 4 * 7 * (12 + 7 + 2) + 12 * 7 + 12, "device": "cpu", "precision": "fp32",
            "data": str(self.folder), "embeddings": "no file was given, so they are learned from N(0, 0.02)"})
        self.assertEqual([epoch["step"] for epoch in named("epoch", events)], [2, 4])
        for event in (*named("epoch", events), end):
            self.assertGreater(event["peak_memory_bytes"], 0)
            self.assertGreater(event["seconds"], 0)
        self.assertEqual(evaluation["split"], "test")
        # All three splits hold the same tokens.
        self.assertEqual(evaluation["nll_sum"], events[-3]["validation"]["nll_sum"])
        self.assertEqual(end["step"], 4)

    def test_a_run_that_ends_within_an_epoch_is_not_evaluated(self):
        events = self.run_twin("exp1", *SMALL_MODEL, "--max-steps", "1")
        self.assertEqual([event["event"] for event in events], ["start", "step", "end"])
        self.assertEqual([event["step"] for event in events], [0, 1, 1])

    def test_the_last_step_is_logged_whatever_the_interval(self):
        events = self.run_twin("exp1", *SMALL_MODEL, "--epochs", "2", "--log-every", "3")
        third, last = named("step", events)
        self.assertEqual([(event["step"], event["epoch"]) for event in (third, last)], [(3, 2), (4, 2)])
        tokens = [steps * event["seconds"] * event["tokens_per_second"] for steps, event in ((3, third), (1, last))]
        self.assertAlmostEqual(sum(tokens), 2 * 199, places=6)

    def test_an_lstm_needs_no_positions_among_the_embeddings(self):
        file = self.folder / "embeddings.npz"
        numpy.savez(file, tokens=numpy.ones((29, 12), numpy.float16))
        start, *_ = self.run_twin("exp1", "--hidden-size", "7", "--max-steps", "1")
        self.assertEqual(start["embeddings"], f"from {file}, frozen")
        self.assertEqual(start["learned_parameters"], 4 * 7 * (12 + 7 + 2) + 12 * 7 + 12)
        code, output, errors = self.start_twin("exp5", "--heads", "3", "--max-steps", "1")
        self.assertEqual((code, output), (2, ""))
        self.assertEqual(errors, f"ValueError: {file}: array 'position' is missing\n")

    def test_saved_weights_start_the_same_run_with_frozen_embeddings(self):
        init = self.save_starting_weights()
        weights, metadata = checkpoint.load(init)
        self.assertEqual(metadata, {"format": "culebra", "model": "lstm", "layers": "1"})
        self.assertEqual(weights["embedding.weight"].shape, (29, 12))
        self.assertEqual(weights["embedding.weight"][0].abs().sum(), 0)
        first, second = (named("step", self.run_twin("exp2", "--init-from", str(init), "--no-shuffle",
                                                     "--batch-size", "4", "--max-steps", "3",
                                                     "--run-dir", str(self.folder / name))) for name in ("a", "b"))
        self.assertEqual(len(first), 3)
        self.assertEqual([step["loss"] for step in first], [step["loss"] for step in second])
        after, _ = checkpoint.load(self.folder / "a/last.safetensors")
        self.assertTrue(torch.equal(after["embedding.weight"], weights["embedding.weight"]))
        self.assertFalse(torch.equal(after["lstm.weight_hh_l0"], weights["lstm.weight_hh_l0"]))

    def test_an_optimisers_state_beside_the_weights_is_left_out(self):
        init = self.save_starting_weights()
        weights, metadata = checkpoint.load(init)
        with_state = self.folder / "with-state.safetensors"
        state = {f"optimizer.exp_avg.{name}": torch.ones_like(tensor) for name, tensor in weights.items()}
        safetensors.torch.save_file(weights | state, with_state, metadata)
        self.assertEqual(set(checkpoint.load(with_state)[0]), set(weights))
        first, second = (self.run_twin("evaluate", "--checkpoint", str(file)) for file in (init, with_state))
        self.assertEqual(first, second)


def named(name, events):
    return [event for event in events if event["event"] == name]


def count(module):
    return sum(parameter.numel() for parameter in module.parameters())


def split_of_lines(*sizes):
    """A split of lines of these sizes whose tokens count from 1."""
    return data.Split(numpy.arange(1, sum(sizes) + 1), numpy.array(sizes), None)


if __name__ == "__main__":
    unittest.main()
