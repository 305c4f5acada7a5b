from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from runs import facts_of, moved

from seoaudit.classify.locations import PRECEDENCE, faulty_locations, growing_hops
from seoaudit.http.location import LOCATION_PROBLEMS

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = {"credentials", "session-id", "email"}


def test_every_fault_of_syntax_has_its_place() -> None:
    assert set(PRECEDENCE) == (set(LOCATION_PROBLEMS) - SECRETS) | {"growing"}


def test_a_value_has_one_fault_of_syntax_and_secrets_beside_it(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, [moved("/a", "new page?sid=0123456789abcdef")])
    assert faulty_locations(facts, *PRECEDENCE)["fault"].tolist() == ["space"]
    assert faulty_locations(facts, "path-relative").empty
    assert faulty_locations(facts, *SECRETS)["fault"].tolist() == ["session-id"]


def test_what_another_site_wrote_is_left_out(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, [moved("https://other.example/a", "b c", in_scope=False)])
    assert faulty_locations(facts, *PRECEDENCE).empty


def test_a_path_grows_only_by_the_same_piece_at_the_same_place(tmp_path: Path) -> None:
    chains = [["/a", "/a/x", "/a/x/x"], ["/b", "/b/x", "/b/x/y"], ["/c", "/c/x", "/d"], ["/v1", "/v11", "/v111"]]
    facts = facts_of(tmp_path, [moved(here, there) for chain in chains for here, there in itertools.pairwise(chain)])
    assert growing_hops(facts)[["url", "added"]].to_numpy().tolist() == [["https://example.com/a", "/x"]]
