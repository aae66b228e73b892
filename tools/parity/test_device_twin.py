"""Tests of the comparison on a device: `python -m unittest` in this folder."""

import argparse
import contextlib
import importlib.util
import io
import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import device_twin
from programs import JAR


class PageTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        (self.folder / "any.jar").touch()
        arguments = device_twin.make_parser().parse_args(
            ["--small", "--device", "reference", "--twin-device", "cpu", "--runs", "exp5",
             "--jar", str(self.folder / "any.jar"), "--out", str(self.folder)])
        with mock.patch.object(device_twin, "describe_pytorch", return_value="PyTorch"):
            self.check = device_twin.Check(arguments, self.folder, float("inf"))

    def add_speed(self, program, way, seconds):
        self.check.keep(self.check.speeds, kind="speed", run="exp5", program=program, way=way, seconds=seconds,
                        seconds_highest=2 * seconds, peak_device_memory_bytes=None)

    def add_speeds(self, *others):
        self.add_speed("Culebra", "Culebra bf16", 0.002)
        self.add_speed("PyTorch", device_twin.THE_2021_WAY, 0.03)
        for way, seconds in others:
            self.add_speed("PyTorch", way, seconds)

    def test_speeds_are_told_relative_to_culebras_and_the_best_of_pytorch_counts(self):
        seconds = {way: 0.005 for way, _ in device_twin.WAYS[1:]} | {"compiled bf16": 0.003}
        self.add_speeds(*seconds.items())
        page = self.check.page()
        self.assertIn("| exp5 | PyTorch eager fp16 | 5.00 | 10.00 | 2.50 | - |", page)
        line = json.loads((self.folder / "twin.jsonl").read_text().splitlines()[0])
        # What the benchmarks' page reads of it.
        self.assertLessEqual({"pytorch_version", "kind", "run", "program", "way", "seconds"}, set(line))
        self.assertIn("exp5: Culebra in bf16 is 15.00 times as fast as PyTorch in the way of 2021 and "
                      "1.50 times as fast as PyTorch at its best here (compiled bf16; 5 of 5 ways measured).", page)

    def test_what_is_best_is_not_known_where_a_way_was_not_measured(self):
        self.add_speeds(("eager fp16", 0.005), ("eager bf16", 0.003))
        page = self.check.page()
        self.assertNotIn("at its best", page)
        self.assertIn("1.50 times as fast as the fastest of PyTorch's ways that were measured (eager bf16; 2 of 5 ways measured, "
                      "without compiled bf16, compiled fp16 with graphs, compiled bf16 with graphs).", page)

    def test_losses_stand_side_by_side(self):
        for precision, theirs in (("fp32", [3.0, 2.0]), ("bf16", [3.25, 2.5])):
            self.check.keep(self.check.losses, kind="losses", run="exp5", precision=precision, culebra=[3.0, 2.0],
                            pytorch=theirs, difference=0.0, tolerance=1e-4, agree=True)
        page = self.check.page()
        self.assertIn("| exp5, step | Culebra fp32 | PyTorch fp32 | Culebra bf16 | PyTorch bf16 |", page)
        self.assertIn("| 2 | 2.000000 | 2.000000 | 2.000000 | 2.500000 |", page)

    def test_a_way_that_is_not_to_be_had_is_told_and_no_failure(self):
        def fail():
            raise device_twin.ProgramFailed("twin.py\nended with 1:\nTraceback\nRuntimeError: no C compiler\n")

        with contextlib.redirect_stderr(io.StringIO()):
            self.check.attempt("PyTorch's speed of exp5, compiled", fail, optional=True)
            self.assertFalse(self.check.failed)
            self.check.attempt("Culebra's speed of exp5", fail)
        self.assertTrue(self.check.failed)
        page = self.check.page()
        self.assertIn("- PyTorch's speed of exp5, compiled: not to be had here, RuntimeError: no C compiler", page)
        self.assertIn("Culebra's speed of exp5: FAILED, RuntimeError: no C compiler", page)

    def test_what_the_time_does_not_suffice_for_is_told(self):
        self.check.deadline = 0
        self.check.attempt("losses of exp5 in fp32", self.fail)
        self.assertIn("losses of exp5 in fp32: cut, the time was over", self.check.page())
        self.assertEqual(self.check.exit_code(), 1, "nothing was measured")
        self.add_speed("Culebra", "Culebra bf16", 0.002)
        self.assertEqual((self.check.exit_code(), self.check.cut), (device_twin.PARTIAL, ["losses of exp5 in fp32"]))
        self.check.failed = True
        self.assertEqual(self.check.exit_code(), 1)

    def test_all_of_it_is_a_success(self):
        self.add_speeds()
        self.assertEqual(self.check.exit_code(), 0)

    def test_the_first_steps_do_not_count(self):
        self.check.arguments.log_every, self.check.arguments.intervals = 1, 2
        self.check.weights = lambda run: "weights"
        program = mock.Mock()
        program.name = "Culebra"
        program.train.return_value = [{"event": "step", "seconds": seconds} for seconds in (0.1, 0.2, 0.3, 5.0, 4.0)] + [
            {"event": "end"}]
        self.check.measure(program, "exp5", "Culebra bf16", ())
        self.assertEqual([(row["seconds"], row["seconds_highest"]) for row in self.check.speeds], [(4.0, 5.0)])
        self.assertIn(5, program.train.call_args.args)

    def test_every_line_of_the_results_names_the_device(self):
        self.add_speed("Culebra", "Culebra bf16", 0.002)
        lines = [json.loads(line) for line in (self.folder / "twin.jsonl").read_text().splitlines()]
        self.assertEqual([(line["device"], line["pytorch_device"]) for line in lines], [("reference", "cpu")])


class ChoicesTest(unittest.TestCase):
    def test_what_is_not_known_is_refused(self):
        self.assertEqual(device_twin.choices("exp5,exp1", ["exp1", "exp5"]), ["exp5", "exp1"])
        with self.assertRaises(argparse.ArgumentTypeError):
            device_twin.choices("exp2", ["exp1"])


class ProgramTest(unittest.TestCase):
    def test_both_programs_agree_at_tiny_sizes(self):
        if not JAR.is_file():
            print(f"skipped: the comparison of both programs; there is no {JAR}")
            self.skipTest("experiments.jar is not built")
        if not importlib.util.find_spec("torch"):
            print("skipped: the comparison of both programs; there is no PyTorch")
            self.skipTest("PyTorch is not here")
        with tempfile.TemporaryDirectory() as folder:
            arguments = ["device_twin.py", "--small", "--device", "reference", "--twin-device", "cpu", "--precisions",
                         "fp32", "--steps", "3", "--log-every", "2", "--intervals", "1", "--out", folder]
            # What any processor has: not every one can compute LSTMs in fp16, nor has every machine a C compiler.
            ways = [way for way in device_twin.WAYS if not {"--compile", "fp16"} & set(way[1])]
            with (mock.patch("sys.argv", arguments), mock.patch.object(device_twin, "WAYS", ways),
                  contextlib.redirect_stdout(io.StringIO()) as page, contextlib.redirect_stderr(io.StringIO()) as errors):
                self.assertEqual(device_twin.main(), 0, errors.getvalue())
            lines = [json.loads(line) for line in Path(folder, "twin.jsonl").read_text().splitlines()]
            self.assertEqual(page.getvalue(), Path(folder, "twin.md").read_text())
            self.assertEqual({file.name for file in Path(folder).iterdir()}, {"twin.jsonl", "twin.md"})
        losses = [line for line in lines if line["kind"] == "losses"]
        self.assertEqual({(line["run"], line["agree"], len(line["culebra"])) for line in losses},
                         {("exp1", True, 3), ("exp5", True, 3)})
        speeds = [line for line in lines if line["kind"] == "speed"]
        self.assertEqual(len(speeds), 2 * (1 + len(ways)))
        self.assertTrue(all(line["seconds"] > 0 for line in speeds))


if __name__ == "__main__":
    unittest.main()
