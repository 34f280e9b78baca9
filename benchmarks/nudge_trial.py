"""Whether nudges help, by simulation: `python -m benchmarks.nudge_trial [ROUNDS]` prints how often the trial errs.

Simulated authors draft for some months under the real rules for nudges. In some rounds a nudge changes nothing, in
others the lacking label follows one more often by ten points. It prints how often the trial says that nudges help
within 1,500 occasions: where they don't, that is a false claim; where they do, it has found it. The trial is asked
at every look, and what it has said once counts.
"""

from __future__ import annotations

import sys

from tests.support.nudge_trial import OCCASIONS, SETTINGS, alike, drafting, rate

ROUNDS = 300
EFFECT = 0.1


def main() -> None:
    """Run all rounds and print the figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    populations = {
        "60 authors of all sorts under the real rules": drafting,
        "30 authors, what is lacking follows in 20%": alike(0.2),
        "30 authors, what is lacking follows in 38%": alike(0.38),
    }
    print(f"{OCCASIONS} occasions, {rounds} rounds; an effect of {EFFECT * 100:.0f} points")
    print(f"{'authors':<46} {'held back':>9} {'false claims':>12} {'effect found':>12}")
    for held_back in (SETTINGS.held_back, 0.2):
        for name, occasions in populations.items():
            false, found = rate(occasions, 0.0, held_back, rounds), rate(occasions, EFFECT, held_back, rounds)
            print(f"{name:<46} {held_back:>9.0%} {false:>12.1%} {found:>12.1%}", flush=True)


if __name__ == "__main__":
    main()
