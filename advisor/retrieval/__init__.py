"""Documents in, passages out: read, split, embed, index, search."""
