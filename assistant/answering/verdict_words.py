"""How the verdicts on sentences are shown and explained, wherever an answer is read."""

from assistant.records import Sentence, Verdict

SIGNS = {Verdict.SUPPORTED: "●", Verdict.WEAK: "◐", Verdict.UNSUPPORTED: "○", Verdict.COMPUTED: "●"}
COUNTED = {  # "3 supported"
    Verdict.SUPPORTED: "supported",
    Verdict.WEAK: "weak",
    Verdict.UNSUPPORTED: "unsupported",
    Verdict.COMPUTED: "computed from the catalogue",
}
EXPLAINED = {
    Verdict.SUPPORTED: "the cited passage says it",
    Verdict.WEAK: "the cited passage says part of it",
    Verdict.UNSUPPORTED: "no cited passage says it",
    Verdict.COMPUTED: "counted or looked up, not written by a model",
}
MARKED = (Verdict.WEAK, Verdict.UNSUPPORTED)


def explanation(sentence: Sentence) -> str:
    """Return what a mark means: "Weak: the cited passage says part of it (it has no “8 %”)"."""
    reason = f" ({sentence.reason.rstrip('.')})" if sentence.reason else ""
    return f"{COUNTED[sentence.verdict].capitalize()}: {EXPLAINED[sentence.verdict]}{reason}"
