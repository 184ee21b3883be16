"""EC2's API: the calls that this stand-in answers itself, because moto lacks them or answers at once and always.

Here belongs parsing a call's parameters, filters and pages, and writing its answer; what the calls do belongs into
`spot`, `state` and `market`. Read `service` (all calls together), `handler` (what the calls share), `xml_answer` and
`answer_check` (how answers are written, and checked against AWS's model), `catalog` (what listings say and leave out);
then the calls: `regions`, `instance_types`, `placement_scores`, `price_history`, `launches` with its `filters` and
`rows`, and `tags`.
"""
