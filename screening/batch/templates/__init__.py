"""The template, style and script of a batch's page."""
