"""Writes the .npz files beside it, which NpzReaderTest reads: python3 make.py (numpy 2.4)."""

import io
import pathlib
import zipfile

import numpy as np

here = pathlib.Path(__file__).parent
integers = {name: np.array([0, 1, 100, 127], dtype=name) for name in
            ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")}
extremes = {"uint16_top": np.array([65535], np.uint16), "int8_low": np.array([-128], np.int8),
            "int64_low": np.array([-2**31], np.int64), "too_large": np.array([7, 2**31], np.uint32),
            "far_too_large": np.array([2**63], np.uint64)}
floats = {name: np.array([[0.5, -1.25, 3.0], [65504.0, 2.0**-14, 0.0]], dtype=name)
          for name in ("float16", "float32", "float64")}
shapes = {"scalar": np.int32(7), "empty": np.zeros(0, np.int32), "cube": np.arange(24, dtype=np.int32).reshape(2, 3, 4)}
np.savez(here / "stored.npz", **integers, **floats, **shapes, **extremes)
np.savez_compressed(here / "deflated.npz", **integers, **floats, **shapes, **extremes)

np.savez(here / "unusable.npz",
         pickled=np.array([{"a": 1}], dtype=object),
         fortran=np.asfortranarray(np.arange(6, dtype=np.int32).reshape(2, 3)),
         big_endian=np.array([1], ">i4"),
         text=np.array(["abc"]),
         records=np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f4")]))

version2 = io.BytesIO()
np.lib.format.write_array(version2, np.array([1, 2, 3], np.uint16), version=(2, 0))
with zipfile.ZipFile(here / "version2.npz", "w") as archive:
    archive.writestr("tokens.npy", version2.getvalue())
with zipfile.ZipFile(here / "cut_array.npz", "w") as archive:
    archive.writestr("tokens.npy", version2.getvalue()[:-2])
    archive.writestr("garbage.npy", b"no numpy array")
