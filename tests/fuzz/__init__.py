"""Everything the programs read, spoiled: no traceback, no hang, no loss. FUZZ_INPUTS=10000: as many for each reader."""
