"""The newest scores of standing queries, as page and mail have them."""

from pathlib import Path

from analysis.reading import NotingReader, Troubles
from analysis.standing.newest_standing import newest_standing
from tests.analysis.standing.answered import DAY, write_answers


def test_each_query_has_the_rows_of_its_own_last_poll_best_first_and_what_it_asked_then(tmp_path: Path) -> None:
    write_answers(tmp_path)
    first, web = newest_standing(NotingReader(tmp_path, Troubles()), DAY)
    assert (first.name, first.asked) == ("<b>web", None)
    assert [row.region for row in web.rows] == ["eu-west-1", "us-east-1", "us-west-2"]
    assert web.asked
    assert web.asked.instances == ("m5.large",)
