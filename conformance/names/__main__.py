"""How the matching of names does on the list: `python -m conformance.names`."""

from collections import Counter, defaultdict

from paraph_server.identification.names import DOUBTFUL, SAME, Match, Proven, Verdict, compare

from conformance.names import pairs


def judged(pair: pairs.Pair) -> Match:
    return compare(pair.first_name, pair.last_name, Proven(pair.given_names, pair.family_name, pair.usual_name))


def main() -> None:
    print(f"same from {SAME}, doubtful from {DOUBTFUL}\n")
    for half in ("tuning", "test"):
        _print_half(half, [each for each in pairs.read() if each.half == half])


def _print_half(half: str, listed: list[pairs.Pair]) -> None:
    counts: dict[tuple[bool, str], Counter[str]] = defaultdict(Counter)
    scores: dict[bool, list[float]] = defaultdict(list)
    for each in listed:
        match = judged(each)
        counts[each.same, each.rule][match.verdict] += 1
        scores[each.same].append(match.score)
    print(f"{half} half{'':38} {'same':>9} {'doubtful':>9} {'different':>9}")
    for (same, rule), found in counts.items():
        print(f"  {'same' if same else 'different':9}  {rule:36} {_figures(found)}")
    for same in (True, False):
        total = sum((found for (label, _rule), found in counts.items() if label == same), Counter[str]())
        print(f"  {'same' if same else 'different':9}  {'all':36} {_figures(total)}")
    print(f"  the highest score of different people is {max(scores[False])}\n")


def _figures(found: Counter[str]) -> str:
    return " ".join(f"{found[verdict]:9}" for verdict in Verdict)


if __name__ == "__main__":
    main()
