"""Uploads: checked, stored under a random key, served only to those who may see them."""
