#!/usr/bin/env python3
"""Fit the polynomials of src/core/encoder/kernels-vector.h and print them as C.   needs: numpy

Each polynomial is the weighted minimax fit by Lawson's iteration on Chebyshev nodes. Coefficients are then rounded to
float32 one after another from the constant term on, the remaining ones being fitted again after each, so that the rounding of
one is taken up by the next. The printed error is that of the rounded polynomial in exact arithmetic.
"""
import math
import numpy as np

def lawson(basis, target, weight, rounds=300):
    """Coefficients c that make max |weight * (basis @ c - target)| smallest."""
    share = np.full(len(target), 1.0 / len(target)); best = np.inf
    for _ in range(rounds):
        s = np.sqrt(share) * weight
        c = np.linalg.lstsq(basis * s[:, None], target * s, rcond=None)[0]
        e = np.abs(basis @ c - target) * weight
        if e.max() < best: best, kept = e.max(), c
        share *= e / e.max() + 1e-12; share /= share.sum()
    return kept

def fit(name, function, weight, low, high, degree, nodes=3000):
    t = np.cos(np.pi * (np.arange(nodes) + 0.5) / nodes); x = (high + low) / 2 + (high - low) / 2 * t
    y, w = np.array([function(v) for v in x]), np.array([weight(v) for v in x])
    scale = max(abs(low), abs(high)); powers = (x / scale)[:, None] ** np.arange(degree + 1)
    fixed, rest = [], y.copy()
    for k in range(degree + 1):
        c = np.float32(lawson(powers[:, k:], rest, w)[0] / scale ** k)
        fixed.append(c); rest = rest - float(c) * x ** k
    print(f"{name}: [{low:.6g}, {high:.6g}], weighted error {np.abs(rest * w).max():.2e}")
    print("  " + ", ".join(f"{float(c):.9g}f" for c in fixed))

def main():
    half = math.log(2) / 2
    fit("exp: (e^r - 1 - r) / r^2", lambda r: (math.expm1(r) - r) / r ** 2 if abs(r) > 1e-4 else 0.5 + r / 6,
        lambda r: r * r * math.exp(-r), -half, half, 4)
    fit("2^r", lambda r: 2 ** r, lambda r: 2 ** -r, -0.5, 0.5, 3)
    tail = lambda a: 0.5 * math.erfc(a / math.sqrt(2))
    fit("normal tail: -ln (erfc (a / sqrt 2) / 2)", lambda a: -math.log(tail(a)), lambda a: max(a * tail(a), 2e-3), 0.0, 7.0, 10)
    fit("the same, coarse", lambda a: -math.log(tail(a)), lambda a: max(a * tail(a), 2e-2), 0.0, 5.0, 5)

if __name__ == "__main__":
    main()
