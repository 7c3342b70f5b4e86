"""A chosen problem becomes a brief with a pilot municipality, published with its contest notice."""
