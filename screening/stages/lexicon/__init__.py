"""The lexicon stage: rules as data, matched in normalised text and judged in context."""
