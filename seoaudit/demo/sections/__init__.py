"""The families of the sample site: one file a page, each with a SECTION."""
