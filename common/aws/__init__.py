"""How AWS is talked to, and what its answers mean.

In this order: `region_name` (what a Region's name looks like), `aws_session` (credentials, got once; `no_credentials`
says why there are none), `aws_time` (its clock), `no_connection` (what stood between), `aws_error` (what a failed call
says), `error_kind` (which kind of failure it is), `aws_refusal` (the line where only people can mend it), `aws_client`
(the one maker of clients), `regions` (which may be asked), `amazon_linux` (the newest AMI), `spot_price` (an element of
the price history).
"""
