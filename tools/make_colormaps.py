#!/usr/bin/env python3
"""Write src/core/maps/colormap-tables.c from the published tables.

needs: matplotlib (viridis, magma, inferno: CC0; cividis; turbo) and cmcrameri (vik)
usage: make_colormaps.py > src/core/maps/colormap-tables.c

The numbers of the sources are sRGB in 0 … 1, 256 rows each; they are rounded to 8 bits.
"""
import matplotlib
from cmcrameri import cm

HEAD = """/* Written by tools/make_colormaps.py; 256 sRGB colours each.
 *
 * viridis, magma, inferno: Nathaniel J. Smith, Stéfan van der Walt and (viridis)
 * Eric Firing, github.com/BIDS/colormap, CC0.
 *
 * vik: Fabio Crameri, Scientific colour maps, doi:10.5281/zenodo.1243862, MIT,
 * Copyright (c) 2020 Fabio Crameri.
 *
 * turbo: Anton Mikhailov, "Turbo, An Improved Rainbow Colormap for Visualization",
 * 2019, Copyright 2019 Google LLC, Apache License 2.0.
 *
 * cividis: Jamie R. Nuñez, Christopher R. Anderton, Ryan S. Renslow, "Optimizing
 * colormaps with consideration for color vision deficiency", PLoS ONE 13(7):
 * e0199239, 2018; github.com/pnnl/cmaputil, under the terms that follow.
 *
 * Copyright (c) 2017, Battelle Memorial Institute
 *
 * 1. Battelle Memorial Institute (hereinafter Battelle) hereby grants
 * permission to any person or entity lawfully obtaining a copy of this software
 * and associated documentation files (hereinafter "the Software") to
 * redistribute and use the Software in source and binary forms, with or without
 * modification. Such person or entity may use, copy, modify, merge, publish,
 * distribute, sublicense, and/or sell copies of the Software, and may permit
 * others to do so, subject to the following conditions:
 *
 * + Redistributions of source code must retain the above copyright notice, this
 * list of conditions and the following disclaimers.
 *
 * + Redistributions in binary form must reproduce the above copyright notice,
 * this list of conditions and the following disclaimer in the documentation
 * and/or other materials provided with the distribution.
 *
 * + Other than as used herein, neither the name Battelle Memorial Institute or
 * Battelle may be used in any form whatsoever without the express written
 * consent of Battelle.
 *
 * 2. THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS
 * "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO,
 * THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE
 * ARE DISCLAIMED. IN NO EVENT SHALL BATTELLE OR CONTRIBUTORS BE LIABLE FOR ANY
 * DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES
 * (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES;
 * LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON
 * ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT
 * (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
 * SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE. */
#include "core/maps/colormap-tables.h"

/* clang-format off */
"""


def rows(name):
    if name == "grey":
        return [[value] * 3 for value in range(256)]
    colors = cm.vik.colors if name == "vik" else matplotlib.colormaps[name].colors
    assert len(colors) == 256
    return [[int(255 * float(value) + 0.5) for value in color[:3]] for color in colors]


def table(name):
    colors = ["{ %3d, %3d, %3d }" % tuple(row) for row in rows(name)]
    lines = [", ".join(colors[i : i + 8]) for i in range(0, 256, 8)]
    return "\nconst uint8_t dino_table_%s[256][3] = {\n  %s\n};\n" % (name, ",\n  ".join(lines))


print(HEAD + "".join(table(name) for name in ("viridis", "magma", "inferno", "cividis", "grey", "vik", "turbo")), end="")
