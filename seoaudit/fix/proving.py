"""The proof of a ruleset: on the server itself where it is installed, else by the rules' own meaning, and then it says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seoaudit.fix.bench import find_program, serving
from seoaudit.fix.proof import Proof, prove

if TYPE_CHECKING:
    from collections.abc import Callable

    from seoaudit.fix.plan import Plan
    from seoaudit.fix.recorded import Recorded
    from seoaudit.fix.ruleset import Reply, Ruleset
    from seoaudit.fix.servers import Server


def prove_on(server: Server, recorded: Recorded, plan: Plan, rules: Ruleset) -> tuple[Proof, str]:
    """The proof, and a sentence on why it is only simulated ("" where it is not). Raises BenchError where the server refuses the rules."""
    if server.front is None:
        return simulated(recorded, plan, rules), f"simulated: there is no proof on a real {server.title} yet"
    if find_program(server.front) is None:
        package = server.front.package
        return simulated(
            recorded, plan, rules
        ), f"simulated: {server.front.program} is not installed; apt-get install {package}"
    return _on_server(server, recorded, plan, rules), ""


def simulated(recorded: Recorded, plan: Plan, rules: Ruleset) -> Proof:
    """The proof by what the rules mean; what a server makes of their text is not seen."""
    return prove(plan, recorded, rules.reply, "simulated", _upgraded(rules))


def _on_server(server: Server, recorded: Recorded, plan: Plan, rules: Ruleset) -> Proof:
    written = server.write(rules)
    with serving(server, written, recorded) as asker:
        wrong: list[str] = []
        proof = prove(plan, recorded, _compared(asker.reply, written.rules, wrong), server.title, _upgraded(rules))
        refused = frozenset(asker.refused)
    return replace(proof, wrong=tuple(url for url in wrong if url not in refused), refused=tuple(sorted(refused)))


def _compared(ask: Callable[[str], Reply | None], rules: Ruleset, wrong: list[str]) -> Callable[[str], Reply | None]:
    """What the server answers; a URL that it answers in another way than the rules mean goes to `wrong`."""

    def reply(url: str) -> Reply | None:
        answer, meant = ask(url), rules.reply(url)
        if answer != meant:
            wrong.append(url)
        return answer

    return reply


def _upgraded(rules: Ruleset) -> frozenset[str]:
    return frozenset(move.source for move in rules.upgrades)
