"""What the HTTP API is, for programs and for people, read from its routes: so it says what there is."""
