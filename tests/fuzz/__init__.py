"""Everything the programs read, spoiled: no traceback, no hang, no loss. FUZZ_TIMES=20 looks twenty times as long."""
