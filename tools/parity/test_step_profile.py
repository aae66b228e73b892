"""Tests of the profile: `python -m unittest` in this folder."""

import unittest

from step_profile import Call, Sum

MATMUL = ("onednn_verbose,v1,primitive,exec,cpu,matmul,brg_matmul:avx512_core,undef,src:f32::blocked:ab::f0 "
          "wei:f32:ap:blocked:AB16a64b::f0 dst:f32::blocked:ab::f0,attr-scratchpad:user,,12x256x64:12x64x256,0.5\n")
GRADIENT = ("onednn_verbose,v1,primitive,exec,cpu,inner_product,brg_matmul:avx512_core,backward_weights,"
            "src:f32::blocked:ab::f0,attr-scratchpad:user,,mb32ic48oc12,0.25\n")
SOFTMAX = ("onednn_verbose,v1,primitive,exec,cpu,softmax,jit:avx512_core_bf16,forward_training,src:f32::blocked:abc::f0,"
           "attr-scratchpad:user,alg:softmax_accurate axis:2,12x8x8,0.125\n")


class CallTest(unittest.TestCase):
    def test_a_line_of_onednn_tells_what_was_computed_and_how_long_it_took(self):
        self.assertEqual(Call.parse(MATMUL), Call("matmul", "undef", "12x256x64:12x64x256", 0.5))
        self.assertEqual([Call.parse(line).name() for line in (MATMUL, GRADIENT, SOFTMAX)],
                         ["matmul `12x256x64:12x64x256`", "inner_product backward_weights `mb32ic48oc12`",
                          "softmax `12x8x8`"])

    def test_other_lines_are_no_calls(self):
        for line in ('{"event":"step","step":1}\n', "onednn_verbose,v1,info,cpu,runtime:OpenMP,nthr:2\n", "\n"):
            self.assertIsNone(Call.parse(line))

    def test_products_count_two_operations_a_term(self):
        self.assertEqual([Call.parse(line).operations() for line in (MATMUL, GRADIENT, SOFTMAX)],
                         [2 * 12 * 256 * 64 * 256, 2 * 32 * 48 * 12, 0])

    def test_a_sum_is_that_of_an_average_step(self):
        total = Sum()
        for _ in range(4):
            total.add(Call.parse(GRADIENT), 1 / 2)
        self.assertEqual((total.calls, total.milliseconds, total.operations), (2, 0.5, 4 * 32 * 48 * 12))
        self.assertAlmostEqual(total.rate(), 4 * 32 * 48 * 12 / 0.5e-3 / 1e9)


if __name__ == "__main__":
    unittest.main()
