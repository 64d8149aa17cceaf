"""WHAT IS TRUE AND WHAT MAY HAPPEN.

Nouns (tables), verbs (actions), time (retention) and the policy they keep. Imports no other room, no web, no environment.
"""
