"""How a report gets out: `outbox` keeps what is not mailed yet, `delivery` hands it to a server, with a `password`."""
