"""Lets every test import the builders that stand in this folder."""
