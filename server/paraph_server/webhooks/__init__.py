"""Programs are told what happens to workflows: signed, in order, again and again until they have heard it."""
