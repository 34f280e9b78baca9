"""How times grow with what is stored, watched and served."""
