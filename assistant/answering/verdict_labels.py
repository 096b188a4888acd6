"""How the verdicts on sentences are shown and explained, wherever an answer is read."""

from assistant.records import By, Sentence, Verdict

SIGNS = {
    Verdict.SUPPORTED: "●",
    Verdict.QUOTED: "“”",
    Verdict.CONTRADICTED: "✗",
    Verdict.UNSUPPORTED: "○",
    Verdict.COMPUTED: "●",
}
COUNTED = {  # "3 supported"
    Verdict.SUPPORTED: "supported",
    Verdict.QUOTED: "quoted",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.UNSUPPORTED: "unsupported",
    Verdict.COMPUTED: "computed from the catalogue",
}
EXPLAINED = {
    Verdict.SUPPORTED: "the cited passage says it, nearly word for word",
    Verdict.QUOTED: "in other words than the cited passage; the closest are marked there",
    Verdict.CONTRADICTED: "the cited passage says otherwise",
    Verdict.UNSUPPORTED: "not found in what it cites",
    Verdict.COMPUTED: "counted or looked up, not written by a model; which papers are on a topic is an estimate",
}

FOUND_BY_A_MODEL = {
    Verdict.SUPPORTED: "a model that was asked finds it in the words it rests on",
    Verdict.CONTRADICTED: "a model that was asked finds that the cited passage says otherwise",
    Verdict.UNSUPPORTED: "a model that was asked does not find it in what it cites",
}


def explanation(sentence: Sentence) -> str:
    """Return what a mark means: "Unsupported: not found in what it cites (8% is not in the passage)"."""
    reason = f" ({sentence.reason.rstrip('.')})" if sentence.reason else ""
    explained = (FOUND_BY_A_MODEL if sentence.by is By.JUDGE else EXPLAINED)[sentence.verdict]
    return f"{COUNTED[sentence.verdict].capitalize()}: {explained}{reason}"
