"""The reproduction stage: which passages come from which known work, and under whose name."""
