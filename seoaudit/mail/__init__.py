"""The letter about a run: what it says, how it is kept, and how it goes out."""
