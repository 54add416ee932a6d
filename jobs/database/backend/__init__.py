"""Django's PostgreSQL backend, whose connections notice that the server has gone before they are used again."""
