"""The decision, the asking and the citing. Pure: standard library only, frozen data, total functions."""
