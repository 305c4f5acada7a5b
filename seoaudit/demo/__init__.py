"""A small sample site with every kind of redirect, served on loopback, and the truth about each of its URLs."""
