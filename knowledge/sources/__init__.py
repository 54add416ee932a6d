"""Where answers come from, behind one interface."""
