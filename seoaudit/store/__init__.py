"""The run folder: the journal that is written while crawling, the tables made from it, and where each file lies."""
