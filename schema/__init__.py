"""WHAT CLIENTS MAY SAY.

Types, queries and mutations of the two GraphQL schemas. Translates between clients and models; decides nothing.
"""

from schema import enums as enums
