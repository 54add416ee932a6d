"""Art, music and cymatics as job kinds."""
