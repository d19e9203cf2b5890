"""The likeness stage: sentences that read like known offences, though no rule names their words."""
