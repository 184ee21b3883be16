"""What is published: of every collected table it is decided whether, and no id of an account's is among it."""

from data_files import notices
from data_files.launches import journal, selection
from data_files.market import configurations, mailed, scores, settings_in_force, standing_definitions, standing_scores
from data_files.published import FILE_DATE, PUBLISHED
from tests.data_files.every_table import all_tables

NOT_PUBLISHED = (
    journal.FILES,
    selection.FILES,
    configurations.FILES,
    settings_in_force.FILE,
    standing_definitions.FILE,
    standing_scores.FILES,
    mailed.FILE,
    notices.FILE,
    scores.INITIAL,
)
OF_THE_ACCOUNT = {
    "request_id",
    "instance_id",
    "request_ids",
    "instance_ids",
    "client_token",
    "message_id",
    "recipients",
}
WORDS_OF_AWS = {"reason"}


def test_every_collected_table_is_published_or_not_by_decision() -> None:
    decided = [table.files for table in PUBLISHED] + list(NOT_PUBLISHED)
    assert all(table in decided for table in all_tables())
    assert len(decided) == len(all_tables())


def test_no_id_and_no_words_of_aws_are_published() -> None:
    columns = {column.name for table in PUBLISHED for column in table.columns}
    assert not columns & (OF_THE_ACCOUNT | WORDS_OF_AWS)


def test_no_table_has_a_column_named_as_the_files_date() -> None:
    assert all(FILE_DATE.name not in table.files.header for table in PUBLISHED)


def test_names_are_what_folders_and_metadata_take() -> None:
    names = [table.name for table in PUBLISHED]
    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalpha() and name.islower() for name in names)
