"""How much of what a server could answer wrongly a contract would catch: mutation testing.

The exchanges of a clean campaign are changed one fault at a time, and judged again by the contract,
with no server. A fault that nothing reports is a hole, or another right answer.
"""
