"""Facts: records become frames, redirects become chains with one outcome each. Nothing here judges; first pandas."""
