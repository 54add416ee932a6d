"""What the durable engine costs, beside peers on the same broker and database in the same run."""
