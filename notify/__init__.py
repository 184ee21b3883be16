"""Who is told when something needs a person: `people` sends it through apprise, each thing once a day."""
