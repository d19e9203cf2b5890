"""Text: normalisation with an offset map, sentences, word boundaries, masking."""
