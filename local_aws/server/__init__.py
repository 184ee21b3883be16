"""The HTTP server: takes a request from its socket to its answer, whichever part of AWS it is for.

Here belongs what knows of HTTP: connections, status codes, and faults of the network. Read `application` (which part
answers a request), `connections` (sockets and headers), `error_response` (errors in each service's format),
`fault_injection` (what a fault does to an answer), `advisor_page` (the Spot Instance Advisor's file) and
`metadata_service` (where an SDK gets its machine's role).
"""
