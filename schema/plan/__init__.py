"""Compiles a document once into a Python function over rows: the same declarations that graphql-core interprets.

A plan asks for exactly the columns that are selected, opens each row at most once and builds the answer in selection
order. It knows only how to succeed: whatever goes wrong, a refusal included, its run is thrown away and graphql-core
answers instead, so that errors and nulls are graphql-core's own. That is why fields that leave a trace are not compiled.
"""
