"""VERBS: one file per journey. Each action reads aloud as the clause it keeps: one transaction, effects are rows."""
