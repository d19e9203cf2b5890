"""The stages a draft passes through, one package each."""
