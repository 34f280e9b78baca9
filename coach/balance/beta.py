"""The Beta distribution: what a number of cases says about a rate."""

from __future__ import annotations

import math


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b): P(share < x) under a Beta(a, b) posterior.

    Continued fraction of NIST DLMF 8.17.22, evaluated by Lentz's method, with the symmetry
    I_x(a, b) = 1 - I_{1-x}(b, a) (DLMF 8.17.4) for values at which the fraction converges slowly.

    Args:
        x: a share; values outside 0 to 1 give 0 or 1.
        a: conversation drafts and their part of the prior, above 0.
        b: content drafts and their part of the prior, above 0.

    Returns:
        A probability.
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - beta_cdf(1 - x, b, a)
    c, d, fraction = 1.0, 0.0, 1.0
    for step in range(1, 1000):
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / ((1 + term * d) or 1e-300)
        c = (1 + term / c) or 1e-300
        fraction *= c * d
        if abs(c * d - 1) < 1e-13:
            break
    log_front = a * math.log(x) + b * math.log1p(-x) - math.log(a)
    log_front -= math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    return min(1.0, math.exp(log_front) / fraction)


def credible_interval(heeded: int, ignored: int, mass: float = 0.95) -> tuple[float, float]:
    """The central interval of a rate's Beta posterior under a uniform prior.

    Args:
        heeded: how often it happened, 0 or more.
        ignored: how often it did not, 0 or more.
        mass: probability that the rate lies in the interval, 0 to 1.

    Returns:
        Lower and upper edge, 0 to 1, by bisection to within 2⁻³⁰.
    """

    def quantile(wanted: float) -> float:
        low, high = 0.0, 1.0
        for _ in range(30):
            middle = (low + high) / 2
            if beta_cdf(middle, 1 + heeded, 1 + ignored) < wanted:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    return quantile((1 - mass) / 2), quantile((1 + mass) / 2)
