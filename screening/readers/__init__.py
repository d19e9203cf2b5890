"""Readers: one file or stream in, one :class:`~screening.draft.Draft` out."""
