"""A fake exchange on a real socket: every supported exchange's own wire format over one seeded market.

Run it with `python -m tests.exchange_simulator --port P --pairs N --seed S`. Exchange x answers under /x, faults,
spikes, listings and the journal are under /_sim. A test starts one with `running.simulator()`.
"""
