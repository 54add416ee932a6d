"""Export: rows by keyset → writer of a format; what comes out goes back in the same (see `interchange`)."""
