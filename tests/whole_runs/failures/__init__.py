"""Every failure of every call of every program: a table, generated from the calls that the programs really make.

virtual_time.py (hours pass in no time) → in_process_aws.py → played.py (a program as a function of the two) →
programs.py (which there are, what they find, what their work is) → kinds.py (what goes wrong) → cases.py (the table) →
judging.py (what must hold of each case).
"""
