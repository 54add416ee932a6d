"""HTTP to places that may be slow, ill or hostile: every call bounded in time, size and reach."""
